package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Certificates for protocols that prove by themselves who asks (EST by a device's certificate, ACME by an
/// account and a challenge): no ticket passes from hand to hand.
public interface Certification {
    /// A first certificate for `member`; whoever asks has been recognised by the caller, a registrar.
    ///
    /// Held against: PKCS#10 in DER, at most 4096 bytes, EC P-256, signed by its own key (proof of
    /// possession), the key never certified before, the subject empty or the member's own, a
    /// subjectAltName at most the server's own host; whatever else is wished for is not granted: the
    /// profile alone says what stands in a certificate. The same request again gives the same certificate.
    ///
    /// @throws org.mizuhiki.house.Refusal `registrar-not-allowed`, `request-malformed`,
    /// `possession-unproven`, `key-unfit`, `name-not-yours`, `person-not-here` (persons have two keys and
    /// come with a ticket)
    Enrolment.Enrolled certify(Member member, Bytes pkcs10);

    /// The next certificate of the member whose certificate `current` is; the caller has proof that the
    /// asker holds `current`'s key (a TLS handshake, a signature). Validity overlaps: `current` stays good
    /// until its end. All but persons may keep their key, and devices and services must; a person's request
    /// is made by [EnrolmentRequests#person] and may keep the sealing key. The same request again gives the
    /// same answer.
    ///
    /// @throws org.mizuhiki.house.Refusal those of [#certify], and `certificate-unknown` (not one of
    /// ours), `certificate-revoked`, `certificate-expired` (more than [Renewal#GRACE] ago),
    /// `renewal-too-early` (the first half of its life is not over), `renewal-too-often` (it was renewed
    /// [Renewal#MOST] times already: renew the newer one)
    default Enrolment.Enrolled renew(X509Certificate current, Enrolment.Request request) {
        return renew(current, request, Origin.NOT_SHOWN);
    }

    /// The same for a device or a service that comes with another key, of which something is shown.
    ///
    /// @throws org.mizuhiki.house.Refusal also those of [Origin#check]
    Enrolment.Enrolled renew(X509Certificate current, Enrolment.Request request, Origin origin);

    /// A certificate for a member that was recognised once and may ask again and again (ACME: by its
    /// account), as [#certify(Member, Bytes)], but: the key of a certificate of its own that stands may be
    /// kept, and what gives the same certificate again is the order, not the request. How often is the
    /// caller's to bound.
    ///
    /// @throws org.mizuhiki.house.Refusal those of [#certify(Member, Bytes)], and `member-revoked` (the
    /// member was revoked since it was recognised), `order-answered` (with a certificate for another key)
    Enrolment.Enrolled certify(Member member, Bytes pkcs10, Order order);

    /// @param id unique among all orders of all protocols
    /// @param since when the member was recognised
    record Order(String id, Instant since) {}

    /// Whose this certificate is, if this region issued it, and whether it was revoked.
    Optional<Known> known(X509Certificate certificate);

    /// How a certificate is refused that [#known] does not know.
    static Refusal unknown() {
        return CertificationDesk.unknown();
    }

    /// @param revoked for whatever reason; expiry is not looked at
    record Known(Member member, boolean revoked) {}

    /// Revokes one certificate, and no other of its member; the caller has proof that its holder wishes so.
    ///
    /// @throws org.mizuhiki.house.Refusal `certificate-unknown`, `certificate-revoked` (it was already),
    /// `person-not-here` (a person's keys end together), `registrar-not-allowed`
    void revoke(X509Certificate certificate, Revocation.Reason reason);
}
