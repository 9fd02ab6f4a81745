package org.mizuhiki.trust;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.issue.Arc;

/// `CsrAttrs` (RFC 7030, 4.5.2): what a request should look like. ecdsa-with-SHA256, id-ecPublicKey with
/// the curve secp256r1, and for keys in a chip an attribute that proves where the key lies (an OCTET STRING,
/// see [Origin#check]), whose value here is the nonce that the chip is to sign, good once and for some
/// minutes. Names and extensions are not asked for, as the ticket or the certificate that stands says who
/// it is.
public final class RequestAttributes {
    private static final int NONCE = 32;
    private static final int LARGEST = 4096;

    private RequestAttributes() {}

    /// @param nonce 32 bytes
    /// @return DER
    public static Bytes asked(Bytes nonce) {
        try {
            return Bytes.of(new DERSequence(new ASN1Encodable[] {
                        X9ObjectIdentifiers.ecdsa_with_SHA256,
                        attribute(X9ObjectIdentifiers.id_ecPublicKey, X9ObjectIdentifiers.prime256v1),
                        attribute(Arc.CHIP_PROOF, new DEROctetString(nonce.toArray()))
                    })
                    .getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException("into memory", e);
        }
    }

    private static Attribute attribute(ASN1ObjectIdentifier kind, ASN1Encodable value) {
        return new Attribute(kind, new DERSet(value));
    }

    /// The nonce in a server's answer, wherever it stands among other attributes; empty where none is asked
    /// for. A chip signs it as a nonce and as nothing else, so that it needs no trust.
    ///
    /// @throws Refusal `answer-malformed`, also for two nonces, or one that is not 32 bytes
    public static Optional<Bytes> nonce(Bytes asked) {
        if (asked.size() > LARGEST) {
            throw malformed(null);
        }
        try {
            var found = new ArrayList<Bytes>();
            for (var one : ASN1Sequence.getInstance(ASN1Primitive.fromByteArray(asked.toArray()))) {
                if (!(one.toASN1Primitive() instanceof ASN1ObjectIdentifier)) { // a wish without values
                    nonce(Attribute.getInstance(one.toASN1Primitive())).ifPresent(found::add);
                }
            }
            if (found.size() > 1) {
                throw malformed(null);
            }
            return found.stream().findFirst();
        } catch (IOException | RuntimeException e) { // hostile DER throws all sorts
            throw e instanceof Refusal refusal ? refusal : malformed(e);
        }
    }

    private static Optional<Bytes> nonce(Attribute wish) {
        if (!wish.getAttrType().equals(Arc.CHIP_PROOF)) {
            return Optional.empty();
        }
        var nonce = Bytes.of(
                ASN1OctetString.getInstance(wish.getAttrValues().getObjectAt(0)).getOctets());
        if (wish.getAttrValues().size() != 1 || nonce.size() != NONCE) {
            throw malformed(null);
        }
        return Optional.of(nonce);
    }

    private static Refusal malformed(@org.jspecify.annotations.Nullable Throwable cause) {
        var japanese = "認証局の応答を読めません（csrattrsの形式が正しくありません）";
        var english = "The server's answer cannot be read: its csrattrs are malformed";
        return cause == null
                ? Refusal.of("answer-malformed", japanese, english)
                : Refusal.of("answer-malformed", japanese, english, cause);
    }
}
