package org.mizuhiki.trust;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.issue.Arc;
import org.mizuhiki.trust.issue.Issuer;
import org.mizuhiki.trust.issue.Keys;

/// Reads an enrolment request as an enemy may have written it: bounded before parsed, one encoding only,
/// the key looked at before anything is computed with it, possession proven, the sealing key bound.
final class RequestCheck {
    /// Ours have about 220 bytes.
    private static final int MAX_PKCS10 = 1024;

    /// With a name and what ordinary tools wish for.
    private static final int MAX_NAMED = 4096;

    private static final int MAX_BINDING = 80;
    private static final Map<ASN1ObjectIdentifier, String> ECDSA = Map.of(
            X9ObjectIdentifiers.ecdsa_with_SHA256, "SHA256withECDSA",
            X9ObjectIdentifiers.ecdsa_with_SHA384, "SHA384withECDSA",
            X9ObjectIdentifiers.ecdsa_with_SHA512, "SHA512withECDSA");

    private RequestCheck() {}

    /// What may be certified.
    ///
    /// @param sealing X-Wing, with its binding
    record Wanted(SubjectPublicKeyInfo signing, Optional<Bound> sealing) {}

    /// A sealing key and the signing key's signature over it.
    record Bound(Bytes key, Bytes binding) {}

    /// A person's request is made by [EnrolmentRequests#person]; that of anything else may come from any
    /// tool.
    ///
    /// @throws Refusal those of [#read] and [#named], and `person-not-here`
    static Wanted of(Enrolment.Request request, Member member) {
        boolean alone = request.sealing().isEmpty() && request.binding().isEmpty();
        if (EnrolmentDesk.isPerson(member)) {
            if (alone) {
                throw personNotHere();
            }
            return read(request, true);
        }
        if (!alone) {
            throw malformed(null);
        }
        return new Wanted(named(request.signing(), member), Optional.empty());
    }

    /// A device's or a service's key that was not certified before is asked where it lies.
    ///
    /// @param request one that [#of] has read
    /// @throws Refusal those of [Origin#check]
    static void mustLieInItsChip(Handle rows, Origin origin, Member member, Enrolment.Request request) {
        if (member instanceof Member.Device || member instanceof Member.Service) {
            var key = publicKey(
                    parse(request.signing(), MAX_NAMED, RequestCheck::isEcdsa).getSubjectPublicKeyInfo());
            origin.check(rows, member, key, evidence(request.signing()));
        }
    }

    /// What a request shows for its key.
    ///
    /// @throws Refusal `request-malformed`
    static Optional<Bytes> evidence(Bytes der) {
        var pkcs10 = parse(der, MAX_NAMED, RequestCheck::isEcdsa);
        try {
            var found = pkcs10.getAttributes(Arc.CHIP_PROOF);
            if (found.length == 0) {
                return Optional.empty();
            }
            // one only: of two, the checker might believe one and a reader of the request the other
            if (found.length > 1 || found[0].getAttrValues().size() != 1) {
                throw malformed(null);
            }
            var value = ASN1OctetString.getInstance(found[0].getAttributeValues()[0]);
            return Optional.of(Bytes.of(value.getOctets()));
        } catch (RuntimeException e) {
            throw e instanceof Refusal refusal ? refusal : malformed(e); // hostile DER throws all sorts
        }
    }

    /// @param person whether a sealing key belongs to it
    /// @throws Refusal `request-malformed`, `key-unfit`, `possession-unproven`
    static Wanted read(Enrolment.Request request, boolean person) {
        if (request.sealing().isPresent() != person || request.binding().isPresent() != person) {
            throw malformed(null);
        }
        var info = possessed(parse(request.signing(), MAX_PKCS10, RequestCheck::isPlain));
        if (!person) {
            return new Wanted(info, Optional.empty());
        }
        var bound = new Bound(request.sealing().orElseThrow(), request.binding().orElseThrow());
        if (!Keys.isFitXWing(bound.key().toArray())) {
            throw unfit();
        }
        if (bound.binding().size() > MAX_BINDING
                || !EnrolmentRequests.bound(publicKey(info), bound.key(), bound.binding())) {
            throw unproven();
        }
        return new Wanted(info, Optional.of(bound));
    }

    /// Of a protocol's request: the name is nobody's or the member's own; whatever else is wished for is
    /// not looked at, for the profile alone says what stands in a certificate.
    ///
    /// @throws Refusal `request-malformed`, `key-unfit`, `possession-unproven`, `name-not-yours`
    static SubjectPublicKeyInfo named(Bytes der, Member member) {
        var pkcs10 = parse(der, MAX_NAMED, RequestCheck::isEcdsa);
        if (!isNamed(pkcs10, member)) {
            throw Refusal.of(
                    "name-not-yours",
                    "申請に書かれた名前が、認証された本人のものではありません",
                    "The name in the request is not that of whoever asks");
        }
        return possessed(pkcs10);
    }

    private static SubjectPublicKeyInfo possessed(PKCS10CertificationRequest pkcs10) {
        var info = pkcs10.getSubjectPublicKeyInfo();
        if (!Keys.isFitP256(info)) {
            throw unfit();
        }
        if (!isPossessed(pkcs10, publicKey(info))) {
            throw unproven();
        }
        return info;
    }

    private static boolean isNamed(PKCS10CertificationRequest pkcs10, Member member) {
        try {
            var subject = pkcs10.getSubject();
            boolean mine = subject.getRDNs().length == 0
                    || subject.equals(Subjects.of(member))
                    || (member instanceof Member.Server s && subject.equals(Subjects.host(s.host())));
            var wishes = pkcs10.getRequestedExtensions();
            var names = wishes == null ? null : wishes.getExtension(Extension.subjectAlternativeName);
            return mine && (names == null || isHost(GeneralNames.getInstance(names.getParsedValue()), member));
        } catch (RuntimeException e) {
            throw malformed(e); // hostile DER throws all sorts
        }
    }

    private static boolean isHost(GeneralNames names, Member member) {
        return member instanceof Member.Server s
                && Arrays.stream(names.getNames()).allMatch(n -> n.equals(Issuer.alternativeName(s.host())));
    }

    /// A subject or attributes would be a wish for another name or other rights: the ticket alone says who.
    private static boolean isPlain(PKCS10CertificationRequest read) {
        return read.getSubject().getRDNs().length == 0
                && read.getAttributes().length == 0
                && read.getSignatureAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.ecdsa_with_SHA256)
                && read.getSignatureAlgorithm().getParameters() == null;
    }

    private static boolean isEcdsa(PKCS10CertificationRequest read) {
        return ECDSA.containsKey(read.getSignatureAlgorithm().getAlgorithm())
                && read.getSignatureAlgorithm().getParameters() == null;
    }

    private static PKCS10CertificationRequest parse(Bytes der, int most, Predicate<PKCS10CertificationRequest> fits) {
        if (der.size() > most) {
            throw malformed(null);
        }
        try {
            var read = new PKCS10CertificationRequest(der.toArray());
            if (fits.test(read)
                    && Bytes.of(read.toASN1Structure().getEncoded("DER")).equals(der)) {
                return read;
            }
            throw malformed(null);
        } catch (IOException | IllegalArgumentException | IllegalStateException | ClassCastException e) {
            throw malformed(e);
        } catch (NullPointerException | IndexOutOfBoundsException e) {
            throw malformed(e); // a parser that stumbles over hostile DER has still refused it
        }
    }

    private static boolean isPossessed(PKCS10CertificationRequest pkcs10, PublicKey key) {
        try {
            var algorithm = pkcs10.getSignatureAlgorithm().getAlgorithm();
            var verifier = Signature.getInstance(Objects.requireNonNull(ECDSA.get(algorithm)));
            verifier.initVerify(key);
            verifier.update(
                    pkcs10.toASN1Structure().getCertificationRequestInfo().getEncoded("DER"));
            return verifier.verify(pkcs10.getSignature());
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            return false; // a signature that cannot be read proves nothing
        }
    }

    private static PublicKey publicKey(SubjectPublicKeyInfo info) {
        try {
            return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(info.getEncoded()));
        } catch (GeneralSecurityException | IOException e) {
            throw malformed(e);
        }
    }

    static Refusal unfit() {
        return Refusal.of(
                "key-unfit",
                "この鍵は使えません（P-256以外、既知の弱い鍵、または既に登録済みの鍵）。端末で新しい鍵を作成してください",
                "The key cannot be used: not P-256 or X-Wing, known, or registered before; make a new one on the device");
    }

    static Refusal unproven() {
        return Refusal.of(
                "possession-unproven",
                "申請の署名が鍵と一致しないため、鍵の所持を確認できません",
                "The request's signatures do not prove possession of the key");
    }

    static Refusal personNotHere() {
        return Refusal.of(
                "person-not-here",
                "個人は鍵が二つあるため、この方式ではなく、登録券を使って本人のアプリで登録してください",
                "A person has two keys and enrols with a ticket in their own app, not by this protocol");
    }

    static Refusal malformed(@org.jspecify.annotations.Nullable Throwable cause) {
        var ja = "登録申請の形式が正しくありません";
        var en = "The enrolment request is malformed";
        return cause == null ? Refusal.of("request-malformed", ja, en) : Refusal.of("request-malformed", ja, en, cause);
    }
}
