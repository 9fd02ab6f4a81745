package org.mizuhiki.centre;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.mizuhiki.centre.Reconciling.Seen;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.trust.Validator;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.wire.TimeCheck;

/// Checks what the centre says was recorded of a connection: every signature, both routers' chains without
/// a gap up to their last batch, and every batch in the ledger; then lays the records beside each other.
/// Who runs it believes the centre nothing.
///
/// @param inLedger when an entry was in the ledger at the latest; refuses one that is not there
public record RecordsCheck(Validator validator, Function<Entry, Instant> inLedger) {
    /// Something that does not hold.
    ///
    /// @param number of the batch, 0 for a router's chain as a whole, or for the connection
    /// @param code `log-gap`, `log-unfinished`, `log-lost`, `clock-off`, `clock-unknown`, or the code of a
    /// refusal such as `log-forged`, `certificate-revoked`, `entry-unknown`
    public record Flaw(String router, long number, String code, String japanese, String english) {}

    /// @param batches that hold
    /// @param flaws empty: nothing was left out, added or changed
    /// @param reconciled what the batches that hold say beside each other
    public record Checked(int batches, List<Flaw> flaws, Reconciled reconciled) {
        public Checked {
            flaws = List.copyOf(flaws);
        }
    }

    /// Within this a router hands in what it saw last.
    private static final Duration LATE = Duration.ofMinutes(10);

    /// One router's batches so far.
    private static final class Chain {
        private final String router;
        private Optional<LogBatch> newest = Optional.empty();
        private boolean clockTold;

        Chain(String router) {
            this.router = router;
        }

        boolean isClosed() {
            return newest.filter(LogBatch::last).isPresent();
        }
    }

    /// @param connection that was asked for: another's records may be whole, too
    /// @param now for a connection that should be over, whatever the centre says of its end
    /// @throws Refusal `connection-unknown`, and those of [org.mizuhiki.vpn.SignedInformation#open]: nothing
    /// can be said of what nobody decided
    public Checked check(String connection, Recorded recorded, Instant now) {
        var flaws = new ArrayList<Flaw>();
        // 1. what was decided, by the centre's signature as of then
        var decided = recorded.information().open(validator, recorded.decided().issued());
        if (!decided.connection().equals(connection)) {
            throw Refusal.of("connection-unknown", "別の接続の記録です", "These are records of another connection");
        }
        inLedger(decided.entry(), decided.asking().router().identity(), 0, flaws);
        recorded.ended()
                .ifPresent(end -> inLedger(
                        end.entry(decided.connection()),
                        decided.asking().router().identity(),
                        0,
                        flaws));
        // 2. batch by batch: signer, signature, place in the chain, ledger
        var chains = chains(decided);
        var seen = new ArrayList<Seen>();
        int held = 0;
        for (var signed : recorded.batches()) {
            var opened = open(signed, chains, flaws);
            if (opened.isPresent() && follows(opened.get(), chains, flaws)) {
                held++;
                var batch = opened.get();
                var ahead = batch.clock().map(TimeCheck::ahead).orElseGet(() -> told(recorded, batch.router()));
                batch.lines().forEach(line -> seen.add(new Seen(batch.router(), ahead, line)));
            }
        }
        // 3. nothing cut off at the end
        boolean closed = chains.values().stream().anyMatch(Chain::isClosed);
        if (recorded.ended().isPresent()
                || closed
                || now.isAfter(decided.until().plus(LATE))) {
            chains.values().forEach(chain -> mustBeFinished(chain, flaws));
        }
        // 4. beside each other, and beside what was decided
        var ended = recorded.ended().map(Recorded.End::at);
        return new Checked(held, flaws, Reconciling.compare(new Reconciling.Case(decided, ended, seen)));
    }

    private static Map<String, Chain> chains(ConnectionInformation decided) {
        var chains = new LinkedHashMap<String, Chain>();
        for (var end : List.of(decided.asking(), decided.asked())) {
            var router = end.router().identity();
            chains.put(router + " " + decided.connection(), new Chain(router));
        }
        return chains;
    }

    private Optional<LogBatch> open(SignedBatch signed, Map<String, Chain> chains, List<Flaw> flaws) {
        var claimed = claimed(signed);
        try {
            var batch = signed.open(validator);
            if (!chains.containsKey(key(batch))) {
                throw Refusal.of("log-stranger", "この接続の記録ではありません", "These are no records of this connection");
            }
            inLedger(batch.entry(), batch.router(), batch.number(), flaws);
            return Optional.of(batch);
        } catch (Refusal e) {
            var router = claimed.map(LogBatch::router).orElse("?");
            long number = claimed.map(LogBatch::number).orElse(0L);
            flaws.add(new Flaw(router, number, e.code(), e.japanese(), e.english()));
            return Optional.empty();
        }
    }

    private static Optional<LogBatch> claimed(SignedBatch signed) {
        try {
            return Optional.of(LogBatch.decode(signed.batch()));
        } catch (Refusal e) {
            return Optional.empty();
        }
    }

    private void inLedger(Entry entry, String router, long number, List<Flaw> flaws) {
        try {
            var _ = inLedger.apply(entry);
        } catch (Refusal e) {
            flaws.add(new Flaw(router, number, e.code(), entry.kind() + ": " + e.japanese(), e.english()));
        }
    }

    private static String key(LogBatch batch) {
        return batch.router() + " " + batch.connection();
    }

    /// @return whether its lines count: what lies beside the chain does not
    private static boolean follows(LogBatch batch, Map<String, Chain> chains, List<Flaw> flaws) {
        var chain = java.util.Objects.requireNonNull(chains.get(key(batch)));
        long before = chain.newest.map(LogBatch::number).orElse(0L);
        boolean next = batch.number() == before + 1
                && batch.before().equals(chain.newest.map(LogBatch::id))
                && chain.newest.filter(LogBatch::last).isEmpty();
        if (!next) {
            flaws.add(flaw(
                    chain,
                    batch.number(),
                    "log-gap",
                    before + " 番の次の記録がつながりません。抜けているか、差し替えられています",
                    "It does not follow number " + before + ": something was left out or put in"));
            if (batch.number() <= before || chain.newest.filter(LogBatch::last).isPresent()) {
                return false;
            }
        }
        if (batch.lost() > 0) {
            flaws.add(flaw(
                    chain,
                    batch.number(),
                    "log-lost",
                    "機器が保管しきれず失った記録が " + batch.lost() + " 行あります",
                    "The router could not keep " + batch.lost() + " lines"));
        }
        clock(batch, chain, flaws);
        chain.newest = Optional.of(batch);
        return true;
    }

    /// Once for a router: what is wrong with its clock is wrong in every batch.
    private static void clock(LogBatch batch, Chain chain, List<Flaw> flaws) {
        var off = batch.clock().filter(TimeCheck::tooFar);
        if (chain.clockTold || (batch.clock().isPresent() && off.isEmpty())) {
            return;
        }
        chain.clockTold = true;
        flaws.add(off.map(c -> flaw(
                        chain,
                        batch.number(),
                        "clock-off",
                        "機器の時計が " + c.server() + " より " + seconds(c.ahead()) + " 秒進んでいました（補正して比べます）",
                        "The router's clock was " + seconds(c.ahead()) + " s ahead of " + c.server()
                                + "; the comparison sets it right"))
                .orElseGet(() -> flaw(
                        chain,
                        batch.number(),
                        "clock-unknown",
                        "機器の時計を時刻サーバーと比べた記録がありません",
                        "Nobody compared the router's clock with a time server's")));
    }

    private static String seconds(Duration ahead) {
        return "%.3f".formatted(ahead.toNanos() / 1e9);
    }

    private static void mustBeFinished(Chain chain, List<Flaw> flaws) {
        if (!chain.isClosed()) {
            flaws.add(flaw(
                    chain,
                    chain.newest.map(LogBatch::number).orElse(0L),
                    "log-unfinished",
                    "接続は終わりましたが、機器の最後の記録がありません。届いていないか、除かれています",
                    "The connection is over, but the router's last batch is not there: it has not come, or was left"
                            + " out"));
        }
    }

    private static Flaw flaw(Chain chain, long number, String code, String japanese, String english) {
        return new Flaw(chain.router, number, code, japanese, english);
    }

    private static Duration told(Recorded recorded, String router) {
        return recorded.clocks().stream()
                .filter(c -> c.router().equals(router))
                .map(Recorded.Ahead::ahead)
                .findFirst()
                .orElse(Duration.ZERO);
    }
}
