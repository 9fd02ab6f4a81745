package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;

/// Automatic enrolment: the key is made on the device, the request is signed there, certificates come back
/// in one round trip.
public interface Enrolment {
    /// Longest life of a ticket.
    Duration LONGEST_LIFE = Duration.ofDays(31);

    /// Gives out a ticket for `member`, whose identity is fixed here and cannot be chosen by who redeems
    /// it. Institutions may name persons of their own only; the operator names servers and institutions.
    ///
    /// @throws org.mizuhiki.house.Refusal `registrar-not-allowed`, `ticket-life`, `person-exists`
    Ticket ticket(Member member, Duration life);

    /// Redeems a ticket. Repeating the same request (a lost answer) gives the same certificates; another
    /// request with a used ticket is refused.
    ///
    /// @throws org.mizuhiki.house.Refusal `ticket-unknown`, `ticket-expired`, `ticket-used`,
    /// `device-not-shown`, `ticket-not-of-service`, `chip-not-shown` (see below), `request-malformed`,
    /// `possession-unproven`, `key-unfit`, `name-not-yours`, `person-not-here` (no sealing key with a person's
    /// request), `person-exists`, `registrar-not-allowed` (another institution enrolled the person since)
    default Enrolled enrol(Ticket ticket, Request request) {
        return enrol(ticket, request, Origin.NOT_SHOWN);
    }

    /// The same for a device's or a service's key, of which something is shown. A service's ticket is
    /// redeemed on its own device only: tier 1 of the chip vouches for tier 2 (seed 003, D.5), and a stolen
    /// ticket is worth nothing elsewhere. No other ticket is redeemed over a device's connection.
    ///
    /// @throws org.mizuhiki.house.Refusal also those of [Origin#check]
    Enrolled enrol(Ticket ticket, Request request, Origin origin);

    /// Made by [EnrolmentRequests].
    ///
    /// @param signing PKCS#10, DER, of an EC P-256 key, signed by it (proof of possession); a person's has
    /// neither subject nor attributes, as the ticket alone says who it is; that of anything else may have
    /// come from an ordinary tool, with its own name in it, and what it wishes for is not granted
    /// @param sealing X-Wing public key (1216 bytes) for a person, absent for servers and institutions
    /// @param binding the signing key's ECDSA signature over `sealing`, so that the person, not the
    /// authority, chose it
    record Request(Bytes signing, Optional<Bytes> sealing, Optional<Bytes> binding) {}

    /// @param signing the certificate chain for signatures and TLS, own first, root last
    /// @param sealing the X-Wing certificate for slots, persons only
    record Enrolled(List<X509Certificate> signing, Optional<X509Certificate> sealing) {
        public Enrolled {
            signing = List.copyOf(signing);
        }
    }
}
