package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.InstitutionCode;

/// CAs of accredited institutions for provisional registration: below the person-CA, constrained by name to
/// patients and the institution's own professionals, short-lived, counted. What such a CA issued ends with
/// it at the latest: a registration that nobody confirms (by a renewal, which the person-CA signs) lapses.
public interface RegistrarCas {
    /// Longest life of such a CA.
    Duration LONGEST_LIFE = Duration.ofDays(92);

    /// Most persons that one such CA may enrol.
    int LARGEST_QUOTA = 10_000;

    /// The operator's: makes a CA for an institution whose own certificate stands.
    ///
    /// @param quota how many persons it may enrol
    /// @throws org.mizuhiki.house.Refusal `registrar-ca-terms`, `institution-not-accredited`, `ca-unavailable`
    Standing create(Member.Institution of, int quota, Duration life);

    /// The operator's: ends a CA at once, and with it all that it issued.
    ///
    /// @throws org.mizuhiki.house.Refusal `ca-unknown`
    void end(String name);

    /// The supervision: all there ever were, the latest first.
    List<Standing> standings();

    /// The supervision: the certificates that it issued, the latest first, at most 1000.
    ///
    /// @throws org.mizuhiki.house.Refusal `ca-unknown`
    List<X509Certificate> issued(String name);

    /// The institution's: a ticket for somebody, redeemed like any other, whose certificates this
    /// institution's CA will issue.
    ///
    /// @throws org.mizuhiki.house.Refusal `registrar-ca-missing`, `registrar-ca-exhausted`,
    /// `registrar-ca-expired`, `registrar-ca-ended` (these three also when it is redeemed), and those of
    /// [Enrolment#ticket]
    Ticket ticket(Registrar.Accredited by, Member member, Duration life);

    /// @param name `<institution's code>-<number>`
    /// @param used persons enrolled so far
    /// @param ended by the operator, before it expired
    record Standing(
            String name,
            InstitutionCode institution,
            int quota,
            int used,
            Instant begun,
            Instant expires,
            Optional<Instant> ended) {}
}
