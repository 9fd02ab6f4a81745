package org.mizuhiki.keys;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// Recovery by guardians (docs/flows/account.md): asked for on a device without any key, told to the person
/// and all guardians, approved by guardians, vetoed by the person, open after a delay. What passes here is
/// closed for the guardians and for the asking device.
public interface Recoveries {
    /// Bytes of the asking device's X-Wing key.
    int KEY = 1216;

    /// After so long a recovery that was not used is over.
    Duration LIFE = Duration.ofDays(30);

    /// After so long one that no guardian approved is over.
    Duration UNAPPROVED = Duration.ofDays(7);

    /// For IDs that nobody has, and those without guardians, the answer is the same. Asking crowds out only
    /// what was asked from the same place, or from places that asked more often, and nothing that a
    /// guardian has approved.
    ///
    /// @param key X-Wing, made on the asking device
    /// @param place where the request comes from ([org.mizuhiki.wire.Call#place]); the server sees it, a
    /// device leaves it empty
    /// @throws Refusal `approval-malformed` for a key of another size, `recovery-rate-exceeded`
    Begun begin(PersonId person, Bytes key, String place);

    /// For the asking device.
    ///
    /// @throws Refusal `recovery-unknown`, `recovery-over`
    Standing standing(Digest id, Bytes secret);

    /// What this guardian is asked to approve.
    List<Asked> asked(PersonId guardian);

    /// The same again changes nothing.
    ///
    /// @throws Refusal `recovery-unknown`, `recovery-over`, `approval-malformed`
    void approve(PersonId guardian, X509Certificate certificate, Approval approval);

    /// The recoveries that are under way for the session's person.
    List<Begun> under(Bytes token);

    /// Ends all of them; the person and the guardians are told.
    ///
    /// @return how many
    int veto(Bytes token);

    /// @param secret for the asking device alone; empty for others
    /// @param opens nothing is given before
    record Begun(Digest id, Bytes secret, Instant opens) {}

    /// @param opens from when on shares are given
    /// @param approvals how many guardians have approved
    /// @param slot which of the person's slots the shares open; empty before it is open
    /// @param shares by position, each closed for the asking device; empty before it is open
    record Standing(Instant opens, int approvals, Optional<String> slot, List<Given> shares) {}

    /// @param chain of the guardian's certificate, as [Approval] brought it
    record Given(int position, PersonId guardian, Bytes share, Bytes signature, Bytes chain) {}

    /// @param share this guardian's, closed for this guardian
    record Asked(
            Digest id,
            PersonId person,
            String slot,
            int position,
            Bytes key,
            Instant at,
            Instant opens,
            Bytes share,
            boolean approved) {}

    /// @param share closed for the asking device
    /// @param signature the guardian's over [#statement]
    /// @param chain the guardian's certificate and those above it, in DER one after the other: the
    /// asking device has nothing but the region's roots to check it by
    record Approval(Digest recovery, Bytes share, Bytes signature, Bytes chain) {
        /// Largest chain in bytes.
        static final int MAX_CHAIN = 16384;
    }

    /// What a guardian signs: for this recovery, to this key, this share.
    static Canonical statement(Digest recovery, PersonId person, PersonId guardian, Bytes key, Bytes share) {
        return Canonical.of(Map.of(
                "kind", "recovery-approval",
                "recovery", recovery.hex(),
                "person", person.value(),
                "guardian", guardian.value(),
                "key", key.sha256().hex(),
                "share", share.sha256().hex()));
    }
}
