package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import org.mizuhiki.house.Bytes;

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
    /// until its end. All but persons may keep their key; a person's request is made by
    /// [EnrolmentRequests#person] and may keep the sealing key. The same request again gives the same
    /// answer.
    ///
    /// @throws org.mizuhiki.house.Refusal those of [#certify], and `certificate-unknown` (not one of
    /// ours), `certificate-revoked`, `certificate-expired` (more than [Renewal#GRACE] ago),
    /// `renewal-too-early` (the first half of its life is not over), `renewal-too-often` (it was renewed
    /// [Renewal#MOST] times already: renew the newer one)
    Enrolment.Enrolled renew(X509Certificate current, Enrolment.Request request);
}
