package org.mizuhiki.trust.issue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.jspecify.annotations.Nullable;

/// What every certificate is held against before the real key signs; each has a failing example in the
/// tests.
@SuppressWarnings("ImmutableEnumChecker") // rules without state
enum Lint {
    /// RFC 5280, 4.1.2.1.
    VERSION_IS_3(s -> s.trial.getVersionNumber() == 3),
    /// RFC 5280, 4.1.2.2: positive, at most 20 octets; at least 64 bits from a generator (collision
    /// attacks).
    SERIAL_IS_LONG_AND_RANDOM(s -> s.trial.getSerialNumber().signum() > 0
            && s.trial.getSerialNumber().bitLength() >= 64
            && s.trial.getSerialNumber().bitLength() < 160),
    /// The algorithm fits the issuer's key: SHA-384 for the root, SHA-256 below.
    SIGNATURE_ALGORITHM(s -> s.trial
            .getSignatureAlgorithm()
            .getAlgorithm()
            .equals(
                    s.issuedBy(Profile.Key.P384)
                            ? X9ObjectIdentifiers.ecdsa_with_SHA384
                            : X9ObjectIdentifiers.ecdsa_with_SHA256)),
    VALIDITY_IS_OF_THE_PROFILE(Lint::validity),
    /// RFC 5280, 6.1: a certificate that outlives its issuer fails for reasons nobody understands.
    ENDS_WITHIN_ITS_ISSUER(s -> s.issuer
            .map(i -> !s.trial.getNotAfter().toInstant().isAfter(i.getNotAfter().toInstant()))
            .orElse(true)),
    /// RFC 5280, 4.1.2.4: byte for byte, or path building fails elsewhere.
    ISSUER_IS_THE_ISSUERS_SUBJECT(s -> s.trial
            .getIssuer()
            .equals(s.issuer.map(X509CertificateHolder::getSubject).orElse(s.trial.getSubject()))),
    /// RFC 5280, Appendix A: no empty value, none over 64 characters, one attribute an RDN.
    SUBJECT_IS_BOUNDED(Lint::subject),
    /// The key is of the profile's kind and a sane one.
    KEY_IS_FIT(Lint::key),
    BASIC_CONSTRAINTS(s -> {
        var found = s.find(Extension.basicConstraints);
        if (!s.draft.profile().isCa()) {
            return found == null;
        }
        var value = BasicConstraints.getInstance(s.value(Extension.basicConstraints));
        return value != null
                && value.isCA()
                && value.getPathLenConstraint() != null
                && value.getPathLenConstraint().intValue() == s.draft.profile().pathLength;
    }),
    /// RFC 5280, 4.2.1.10. Ours: a registrar's CA names an institution, and nobody else's professionals.
    REGISTRAR_IS_CONSTRAINED(Lint::constrained),
    KEY_USAGE_IS_EXACT(s -> Optional.ofNullable(s.value(Extension.keyUsage))
            .map(v -> KeyUsage.getInstance(v).equals(new KeyUsage(s.draft.profile().usage)))
            .orElse(false)),
    PURPOSES_ARE_EXACT(s -> Optional.ofNullable(s.value(Extension.extendedKeyUsage))
            .map(v -> List.of(ExtendedKeyUsage.getInstance(v).getUsages()))
            .orElse(List.of())
            .equals(s.draft.profile().purposes)),
    /// RFC 5280, 4.2.1.1 and 4.2.1.2.
    KEY_IDENTIFIERS(Lint::keyIdentifiers),
    POLICIES_ARE_EXACT(s -> Optional.ofNullable(s.value(Extension.certificatePolicies))
            .map(v -> Stream.of(CertificatePolicies.getInstance(v).getPolicyInformation())
                    .map(p -> p.getPolicyIdentifier())
                    .toList())
            .orElse(List.of())
            .equals(s.draft.profile().policies)),
    /// Servers are found by name, mailboxes by their region's address of a person; nobody else has one, no other mail
    /// address of a patient gets in.
    ALTERNATIVE_NAME_FOR_SERVERS_AND_MAIL_ONLY(s -> {
        var value = s.value(Extension.subjectAlternativeName);
        if (s.draft.profile() != Profile.SERVER && s.draft.profile() != Profile.MAIL) {
            return value == null;
        }
        return value != null
                && GeneralNames.getInstance(value).getNames().length == 1
                && s.draft.host().isPresent()
                && Extensions.name(s.draft.host().get())
                        .equals(GeneralNames.getInstance(value).getNames()[0]);
    }),
    /// RFC 6960, 4.2.2.2.1.
    NOCHECK_FOR_STATUS_ONLY(
            s -> (s.find(OCSPObjectIdentifiers.id_pkix_ocsp_nocheck) != null) == (s.draft.profile() == Profile.STATUS)),
    /// RFC 5280, 4.2.1.13: everybody but the root says where its revocation would be told; ours: in one place,
    /// the very part of its issuer's lists that its serial number leads to.
    CRL_IS_NAMED(s -> Optional.ofNullable(s.value(Extension.cRLDistributionPoints))
            .map(v -> Stream.of(CRLDistPoint.getInstance(v).getDistributionPoints())
                    .map(Lint::place)
                    .toList())
            .equals(s.list().map(List::of))),
    /// Plain HTTP (RFC 5280, 8), and OCSP for all that a CA below the root issues.
    STATUS_IS_NAMED(Lint::access),
    CRITICAL_ARE_THESE(s -> criticals(s.trial).equals(expectedCriticals(s.draft.profile()))),
    /// RFC 5280, 4.2: no extension twice; and none that the profiles do not know.
    EXTENSIONS_ARE_KNOWN_AND_SINGLE(s -> {
        if (s.trial.getExtensions() == null) {
            return false;
        }
        var all = List.of(
                s.trial.toASN1Structure().getTBSCertificate().getExtensions().getExtensionOIDs());
        return new HashSet<>(all).size() == all.size() && Extensions.KNOWN.containsAll(all);
    });

    private final Predicate<Subject> rule;

    Lint(Predicate<Subject> rule) {
        this.rule = rule;
    }

    /// A certificate that cannot even be read does not hold.
    boolean holds(Subject subject) {
        try {
            return rule.test(subject);
        } catch (IllegalArgumentException | IllegalStateException | NullPointerException e) {
            return false;
        }
    }

    /// What is linted: the trial certificate, what was asked for, and by whom it is to be issued.
    ///
    /// @param list where its revocation is to be told; absent for a root
    record Subject(
            X509CertificateHolder trial, Draft draft, Optional<X509CertificateHolder> issuer, Optional<String> list) {
        @Nullable
        Extension find(ASN1ObjectIdentifier id) {
            return trial.getExtension(id);
        }

        @Nullable
        ASN1Encodable value(ASN1ObjectIdentifier id) {
            var found = trial.getExtension(id);
            return found == null ? null : found.getParsedValue();
        }

        boolean issuedBy(Profile.Key kind) {
            return Keys.kind(issuer.orElse(trial).getSubjectPublicKeyInfo()).equals(Optional.of(kind));
        }
    }

    private static String place(DistributionPoint point) {
        var names =
                GeneralNames.getInstance(point.getDistributionPoint().getName()).getNames();
        boolean one = names.length == 1 && point.getReasons() == null && point.getCRLIssuer() == null;
        return one ? names[0].getName().toString() : "";
    }

    private static boolean validity(Subject s) {
        var from = s.trial.getNotBefore().toInstant();
        var until = s.trial.getNotAfter().toInstant();
        return from.isBefore(until) && !until.isAfter(from.plus(s.draft.profile().life));
    }

    private static boolean subject(Subject s) {
        var rdns = s.trial.getSubject().getRDNs();
        return rdns.length > 0 && Arrays.stream(rdns).allMatch(Lint::bounded);
    }

    private static boolean bounded(RDN rdn) {
        if (rdn.isMultiValued() || !(rdn.getFirst().getValue() instanceof ASN1String text)) {
            return false;
        }
        var value = text.getString();
        return !value.isBlank() && value.codePointCount(0, value.length()) <= 64;
    }

    private static boolean key(Subject s) {
        var key = s.trial.getSubjectPublicKeyInfo();
        return switch (s.draft.profile().key) {
            case P256 -> Keys.isFitP256(key);
            case P384 -> Keys.kind(key).equals(Optional.of(Profile.Key.P384));
            case XWING ->
                Keys.kind(key).equals(Optional.of(Profile.Key.XWING))
                        && key.getAlgorithm().getParameters() == null
                        && Keys.isFitXWing(key.getPublicKeyData().getBytes());
        };
    }

    private static boolean keyIdentifiers(Subject s) {
        var own = s.value(Extension.subjectKeyIdentifier);
        var issuers = s.value(Extension.authorityKeyIdentifier);
        boolean mine = own != null
                && Arrays.equals(
                        SubjectKeyIdentifier.getInstance(own).getKeyIdentifier(),
                        Extensions.keyId(s.trial.getSubjectPublicKeyInfo()));
        boolean theirs = s.issuer
                .map(i -> issuers != null
                        && Arrays.equals(
                                AuthorityKeyIdentifier.getInstance(issuers).getKeyIdentifierOctets(),
                                Extensions.keyId(i)))
                .orElse(issuers == null);
        return mine && theirs;
    }

    private static boolean access(Subject s) {
        var value = s.value(Extension.authorityInfoAccess);
        if (s.issuer.isEmpty() || value == null) {
            return s.issuer.isEmpty() && value == null;
        }
        var all = AuthorityInformationAccess.getInstance(value).getAccessDescriptions();
        boolean plain = Arrays.stream(all)
                .allMatch(a -> a.getAccessLocation().getTagNo() == GeneralName.uniformResourceIdentifier
                        && a.getAccessLocation().getName().toString().startsWith("http://"));
        boolean ocsp = Arrays.stream(all).anyMatch(a -> a.getAccessMethod().equals(AccessDescription.id_ad_ocsp));
        boolean wanted =
                !s.draft.profile().isCa() && s.draft.profile() != Profile.STATUS && s.draft.profile() != Profile.STAMPS;
        return plain && ocsp == wanted;
    }

    private static boolean constrained(Subject s) {
        var value = s.value(Extension.nameConstraints);
        if (s.draft.profile() != Profile.REGISTRAR_CA) {
            return value == null;
        }
        if (value == null || !NameConstraints.getInstance(value).equals(Extensions.permitted(s.draft))) {
            return false;
        }
        var own = s.trial.getSubject().getRDNs(BCStyle.ORGANIZATION_IDENTIFIER);
        return own.length == 1
                && s.draft.permitted().stream()
                        .filter(name -> name.getRDNs(BCStyle.O).length > 0)
                        .allMatch(name -> Arrays.equals(name.getRDNs(BCStyle.ORGANIZATION_IDENTIFIER), own))
                && s.draft.permitted().stream().anyMatch(name -> name.getRDNs(BCStyle.O).length > 0)
                && s.draft.permitted().stream().noneMatch(name -> name.getRDNs().length == 0);
    }

    private static Set<ASN1ObjectIdentifier> criticals(X509CertificateHolder trial) {
        return Set.of(trial.getExtensions().getCriticalExtensionOIDs());
    }

    private static Set<ASN1ObjectIdentifier> expectedCriticals(Profile profile) {
        if (profile == Profile.REGISTRAR_CA) {
            return Set.of(Extension.basicConstraints, Extension.keyUsage, Extension.nameConstraints);
        }
        if (profile.isCa()) {
            return Set.of(Extension.basicConstraints, Extension.keyUsage);
        }
        return profile == Profile.STAMPS
                ? Set.of(Extension.keyUsage, Extension.extendedKeyUsage)
                : Set.of(Extension.keyUsage);
    }
}
