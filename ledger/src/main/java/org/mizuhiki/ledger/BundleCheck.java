package org.mizuhiki.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// Checks a bundle offline, item by item, and says in words what holds.
///
/// @param check the evidence check, with the stamp authorities that are believed
/// @param recordOf verifies a signed statement and gives the digest of the record in it; refuses what is
/// broken
public record BundleCheck(OfflineEvidenceCheck check, Function<Bytes, Digest> recordOf) {
    /// What was found about one item.
    ///
    /// @param position in the bundle, from 0
    /// @param code `held`, or the code of the refusal
    /// @param stampedAt at the latest then the entry was in the log; only when it held
    public record Finding(
            int position,
            Entry entry,
            boolean held,
            String code,
            Optional<Instant> stampedAt,
            String japanese,
            String english) {}

    /// One finding for each item, in order; a bundle is sound when all held and there is at least one.
    public List<Finding> check(Bundle bundle, LogKeys keys) {
        var findings = new ArrayList<Finding>();
        var remembering = check.remembering();
        for (var item : bundle.items()) {
            findings.add(finding(findings.size(), item, keys, remembering));
        }
        return findings;
    }

    private Finding finding(int position, Bundle.Item item, LogKeys keys, EvidenceCheck remembering) {
        var evidence = item.evidence();
        try {
            var at = remembering.check(evidence, keys);
            item.statement().ifPresent(statement -> matches(evidence.entry(), statement));
            return held(position, item, at);
        } catch (Refusal r) {
            return new Finding(
                    position, evidence.entry(), false, r.code(), Optional.empty(), r.japanese(), r.english());
        }
    }

    private void matches(Entry entry, Bytes statement) {
        if (!recordOf.apply(statement).equals(entry.record())) {
            throw Refusal.of(
                    "statement-mismatch",
                    "同封の文書は、台帳に記録されたものと一致しません",
                    "The statement that travels along is not the one that was entered in the log");
        }
    }

    private static Finding held(int position, Bundle.Item item, Instant at) {
        var entry = item.evidence().entry();
        boolean alone = item.statement().isEmpty();
        return new Finding(
                position,
                entry,
                true,
                "held",
                Optional.of(at),
                "台帳の" + (item.evidence().index() + 1) + "番目の記録（" + entry.kind() + "）は " + at + " までに記録され、以後変更されていません"
                        + (alone ? "（文書は同封されていません）" : "。同封の文書と一致します"),
                "Entry " + item.evidence().index() + " (" + entry.kind() + ") was in the log by " + at
                        + " and is unchanged"
                        + (alone ? "; its statement does not travel along" : "; the statement matches"));
    }
}
