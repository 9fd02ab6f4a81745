package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;

/// Issuing and revoking inside a transaction of another room of the authority's process: its rows and the
/// certificates exist together or not at all. Done in the operator's name, so never for the network as it
/// is: who asks was recognised, and allowed, by that room.
public interface Issuing {
    /// [Certification#certify].
    Enrolment.Enrolled certify(Handle rows, Member member, Bytes pkcs10);

    /// A patient's first certificates, by the CA of an accredited institution, which counts them. The same
    /// request again gives the same certificates.
    ///
    /// @throws org.mizuhiki.house.Refusal `registrar-ca-missing`, `registrar-ca-exhausted`,
    /// `registrar-ca-expired`, `registrar-ca-ended`, `registrar-not-allowed`, `person-exists` (the ID was ever
    /// enrolled), and those of a request
    Enrolment.Enrolled register(
            Handle rows, Registrar.Accredited by, Member.Patient patient, Enrolment.Request request);

    /// The certificates of the patient's own keys, by the person-CA, in the place of those of [#register],
    /// which end. The same request again gives the same certificates.
    ///
    /// @throws org.mizuhiki.house.Refusal those of a request
    Enrolment.Enrolled activate(
            Handle rows, Registrar.Accredited by, Member.Patient patient, Enrolment.Request request);

    /// To be called after a transaction that enrolled somebody: the ledger hears of it now, not in a minute.
    void tell();

    /// [Revocation#revoke]; told to the world once the transaction is committed.
    void revoke(Handle rows, Member member, Revocation.Reason reason);

    /// Whether the member has a certificate that has neither expired nor been revoked.
    boolean stands(Handle rows, Member member);

    /// Whether exactly this certificate is one of ours and has neither expired nor been revoked.
    boolean stands(Handle rows, X509Certificate certificate);

    /// Whether exactly this certificate was revoked, asked of the rows themselves: published lists are some
    /// seconds behind.
    boolean isRevoked(Handle rows, X509Certificate certificate);
}
