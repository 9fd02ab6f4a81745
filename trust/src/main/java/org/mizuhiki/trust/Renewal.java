package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// When a certificate is renewed, for all kinds of members: asked at one third of remaining life, granted
/// from half of it on, so that a clock that runs ahead or a careful protocol client is not turned away.
public final class Renewal {
    /// How long after its end a certificate can still be renewed: a holiday, a device in a drawer.
    public static final Duration GRACE = Duration.ofDays(30);

    /// How often one certificate is renewed: a crash or a lost answer may cost a key, a loop must not cost
    /// a million.
    public static final int MOST = 3;

    private Renewal() {}

    /// At most one third of the certificate's life remains.
    public static boolean due(X509Certificate certificate, Clock clock) {
        return !clock.instant().isBefore(dueFrom(certificate));
    }

    /// When one third of the certificate's life remains.
    public static Instant dueFrom(X509Certificate certificate) {
        return begin(certificate).plus(life(certificate).multipliedBy(2).dividedBy(3));
    }

    /// At most half of the certificate's life remains.
    static boolean allowed(X509Certificate certificate, Instant now) {
        return !now.isBefore(begin(certificate).plus(life(certificate).dividedBy(2)));
    }

    private static Instant begin(X509Certificate certificate) {
        return certificate.getNotBefore().toInstant();
    }

    private static Duration life(X509Certificate certificate) {
        return Duration.between(begin(certificate), certificate.getNotAfter().toInstant());
    }
}
