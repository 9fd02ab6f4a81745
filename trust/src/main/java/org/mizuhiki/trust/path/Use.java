package org.mizuhiki.trust.path;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What a key is to be used for, and how a certificate says that it may be: key usage (RFC 5280, 4.2.1.3)
/// and extended key usage (4.2.1.12), for mail as in RFC 8550, 4.4. A CA that is limited to other purposes
/// cannot vouch for this one, though RFC 5280 leaves that open.
public enum Use {
    MAIL_SIGNING("1.3.6.1.5.5.7.3.4", false, 0, 1),
    MAIL_ENCRYPTION("1.3.6.1.5.5.7.3.4", false, 2, 4),
    TLS_CLIENT("1.3.6.1.5.5.7.3.2", true, 0),
    TLS_SERVER("1.3.6.1.5.5.7.3.1", true, 0, 2),
    /// Of the signer of a revocation list.
    REVOCATION_LISTS("", false, 6),
    /// Nothing is asked.
    ANY("", false);

    private static final String ANY_PURPOSE = "2.5.29.37.0";

    private final String purpose;
    private final boolean mustSaySo;
    private final int bits;

    Use(String purpose, boolean mustSaySo, int... bits) {
        this.purpose = purpose;
        this.mustSaySo = mustSaySo;
        int mask = 0;
        for (int bit : bits) {
            mask |= 1 << bit;
        }
        this.bits = mask;
    }

    boolean isMail() {
        return this == MAIL_SIGNING || this == MAIL_ENCRYPTION;
    }

    boolean isOf(X509Certificate own) {
        var said = purposes(own);
        return bit(own) && (said.isEmpty() ? !mustSaySo || purpose.isEmpty() : allows(said.get()));
    }

    boolean mayPass(X509Certificate ca) {
        return purposes(ca).map(this::allows).orElse(true);
    }

    private boolean bit(X509Certificate own) {
        var usage = own.getKeyUsage();
        if (usage == null || bits == 0) {
            return true; // RFC 5280, 4.2.1.3: absent means unrestricted
        }
        return IntStream.range(0, usage.length).anyMatch(i -> usage[i] && (bits & (1 << i)) != 0);
    }

    private boolean allows(List<String> said) {
        return purpose.isEmpty() || said.contains(purpose) || said.contains(ANY_PURPOSE);
    }

    private static Optional<List<String>> purposes(X509Certificate certificate) {
        try {
            return Optional.ofNullable(certificate.getExtendedKeyUsage());
        } catch (CertificateParsingException e) {
            return Optional.of(List.of()); // an unreadable extension serves no purpose
        }
    }
}
