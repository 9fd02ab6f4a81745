package org.mizuhiki.trust.issue;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/// What is to be certified, before anybody looked at it.
///
/// @param host DNS name or IPv4 literal for the subjectAltName of servers, a mailbox's address for mail
/// @param permitted what subjects must begin with below this CA (RFC 5280, 4.2.1.10); for registrars' CAs only
public record Draft(
        Profile profile,
        X500Name subject,
        SubjectPublicKeyInfo key,
        BigInteger serial,
        Instant notBefore,
        Instant notAfter,
        Optional<String> host,
        List<X500Name> permitted) {
    public Draft {
        permitted = List.copyOf(permitted);
    }

    /// Clocks of devices run late; a certificate that is not valid yet is the most common support call.
    static final Duration BACKDATE = Duration.ofMinutes(5);

    /// The usual draft: random serial of 126 to 127 bits, backdated by five minutes, the profile's life.
    public static Draft of(Profile profile, X500Name subject, SubjectPublicKeyInfo key, Clock clock, SecureRandom die) {
        var from = clock.instant().truncatedTo(ChronoUnit.SECONDS).minus(BACKDATE);
        var serial = new BigInteger(126, die).setBit(126);
        return new Draft(
                profile,
                subject,
                key,
                serial,
                from,
                from.plus(profile.life).minusSeconds(1),
                Optional.empty(),
                List.of());
    }

    public Draft on(String name) {
        return new Draft(profile, subject, key, serial, notBefore, notAfter, Optional.of(name), permitted);
    }

    /// For a CA whose subjects must begin so.
    public Draft permitting(List<X500Name> beginnings) {
        return new Draft(profile, subject, key, serial, notBefore, notAfter, host, beginnings);
    }

    /// Ends at this time if that is sooner.
    public Draft until(Instant end) {
        return within(end.truncatedTo(ChronoUnit.SECONDS));
    }

    /// Ends with its issuer's certificate at the latest.
    Draft within(Instant issuerEnds) {
        return notAfter.isAfter(issuerEnds)
                ? new Draft(profile, subject, key, serial, notBefore, issuerEnds, host, permitted)
                : this;
    }
}
