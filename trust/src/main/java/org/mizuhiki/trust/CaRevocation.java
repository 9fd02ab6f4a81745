package org.mizuhiki.trust;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Refusal;

/// A CA's key is in somebody else's hands: everything that it ever issued is revoked, while the authority
/// runs. The new key comes from [CaReplacement].
public final class CaRevocation {
    private final Revocations revocations;

    CaRevocation(Revocations revocations) {
        this.revocations = revocations;
    }

    /// @param ca `person`, `device`, …, or `person-2` for its second key
    /// @param revoked certificates, so far
    /// @param finished when the last of them was
    public record Progress(String ca, Instant begun, long revoked, Optional<Instant> finished) {}

    /// Declares it compromised, with every registrar's CA below it: from now on it issues nothing, and OCSP
    /// tells all its certificates as revoked. Rows and lists follow in the background, also after a crash.
    /// Repeating it changes nothing.
    ///
    /// @param by who decided it
    /// @throws Refusal `ca-unknown`
    public void begin(String ca, String by, String reason) {
        revocations.mustIssueCertificates(ca);
        revocations.errands().begin(ca, by, reason);
        Thread.ofVirtual().name("ca-revocation").start(revocations.errands()::tryToRun);
    }

    /// Of all that was ever begun, the oldest first.
    public List<Progress> progress() {
        return revocations.errands().progress();
    }
}
