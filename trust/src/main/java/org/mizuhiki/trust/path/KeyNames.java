package org.mizuhiki.trust.path;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.mizuhiki.house.Bytes;

/// Key identifiers (RFC 5280, 4.2.1.1 and 4.2.1.2): hints for the search, never proof.
final class KeyNames {
    private KeyNames() {}

    static Optional<Bytes> own(X509Certificate certificate) {
        return value(certificate.getExtensionValue("2.5.29.14"))
                .flatMap(v -> attempt(() -> SubjectKeyIdentifier.getInstance(v).getKeyIdentifier()));
    }

    static Optional<Bytes> authority(X509Certificate certificate) {
        return value(certificate.getExtensionValue("2.5.29.35"))
                .flatMap(
                        v -> attempt(() -> AuthorityKeyIdentifier.getInstance(v).getKeyIdentifierOctets()));
    }

    private interface Reading {
        byte @org.jspecify.annotations.Nullable [] read();
    }

    private static Optional<Bytes> attempt(Reading reading) {
        try {
            return Optional.ofNullable(reading.read()).map(Bytes::of);
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<byte[]> value(byte @org.jspecify.annotations.Nullable [] extension) {
        return Optional.ofNullable(extension)
                .map(e -> ASN1OctetString.getInstance(e).getOctets());
    }
}
