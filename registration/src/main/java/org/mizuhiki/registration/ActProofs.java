package org.mizuhiki.registration;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.EvidenceCheck;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.ledger.LogKeys;

/// Whether acts are in the ledger, asked and checked by whoever reads a file.
///
/// @param check on the reader's own side
public record ActProofs(Ledger ledger, EvidenceCheck check, LogKeys log, Clock clock) {
    /// How long an act may be on its way: it is entered right after it is accepted, or every minute until the ledger is
    /// back.
    static final Duration ON_THE_WAY = Duration.ofHours(1);

    /// When the ledger held it at the latest; absent for an act that is on its way.
    ///
    /// @throws Refusal `act-not-in-ledger` (the ledger lacks it after an hour), those of the ledger and of
    /// [EvidenceCheck]
    public Optional<Instant> enteredBy(SignedAct signed) {
        try {
            return Optional.of(check.check(ledger.evidence(signed.act().entry().leaf()), log));
        } catch (Refusal e) {
            boolean lacking = e.code().equals("entry-unknown");
            if (!lacking && !e.code().equals("checkpoint-late")) {
                throw e;
            }
            // by its stamp: the time that it tells itself is its signer's word
            if (clock.instant().isAfter(signed.signature().stampedAt().plus(ON_THE_WAY))) {
                throw lacking ? missing() : e;
            }
            return Optional.empty();
        }
    }

    private static Refusal missing() {
        return Refusal.of(
                "act-not-in-ledger",
                "1時間以上前の手続き書が公開台帳にありません。記録が隠されたか、台帳が壊れています。運営者と監査者に連絡してください",
                "An act of more than an hour ago is not in the public ledger: it was kept out of it, or the ledger is"
                        + " damaged. Tell the operator and the auditors");
    }
}
