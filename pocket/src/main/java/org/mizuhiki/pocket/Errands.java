package org.mizuhiki.pocket;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.pocket.outbox.Errand;
import org.mizuhiki.pocket.outbox.Step;

/// What waits on this device to be told to the servers. Everything in it is signed and sealed already; it
/// is on disk before the first server hears of it, and it goes out exactly once, whatever breaks in
/// between.
public final class Errands {
    private final Desk desk;

    Errands(Desk desk) {
        this.desk = desk;
    }

    /// @param about who and what, for the person; no content
    public record Waiting(String id, String kind, Canonical about) {}

    /// @param done IDs that went out now
    /// @param held IDs that still wait, with the reason
    public record Pushed(List<String> done, Map<String, Refusal> held) {
        public Pushed {
            done = List.copyOf(done);
            held = Map.copyOf(held);
        }
    }

    /// What waits; damaged entries are listed as kind `damaged`.
    public List<Waiting> waiting() {
        return desk.outbox().waiting().stream().map(this::show).toList();
    }

    /// Tells the servers all that waits. One errand that is refused does not hold up the others.
    public Pushed push() {
        var done = new ArrayList<String>();
        var held = new java.util.TreeMap<String, Refusal>();
        for (var id : desk.outbox().waiting()) {
            try {
                desk.outbox().push(id, desk.servers());
                done.add(id);
            } catch (Refusal refusal) {
                held.put(id, refusal);
            }
        }
        return new Pushed(done, held);
    }

    /// Gives up; what servers heard already stays.
    public void drop(String id) {
        desk.outbox().drop(id);
    }

    /// Prepares on disk, then pushes.
    ///
    /// @return the ledger's checked evidence of each statement
    List<Evidence> run(String kind, Map<String, String> about, List<Step> steps) {
        return run(new Errand(desk.nonce(), kind, Canonical.of(about), steps), Map.of());
    }

    List<Evidence> run(Errand errand, Map<Digest, Path> blobs) {
        prepare(errand, blobs);
        return go(errand);
    }

    /// From here on it survives any crash.
    void prepare(Errand errand, Map<Digest, Path> blobs) {
        desk.outbox().put(errand, blobs);
    }

    /// Pushes what was prepared.
    List<Evidence> go(Errand errand) {
        try {
            return desk.outbox().push(errand.id(), desk.servers());
        } catch (Refusal refusal) {
            if (FINAL.contains(refusal.code())) {
                desk.outbox().drop(errand.id());
            }
            throw refusal;
        }
    }

    /// A clear "no" of a server to something that cannot become true by waiting: it need not stay in the
    /// outbox.
    private static final java.util.Set<String> FINAL = java.util.Set.of(
            "not-related",
            "caller-not-author",
            "statement-unknown",
            "not-yours-to-end",
            "grantor-not-entitled",
            "relation-missing",
            "relation-revoked",
            "reader-barred",
            "grant-revoked",
            "grant-expired",
            "owner-key-retired",
            "registration-unknown",
            "confirmation-not-independent",
            "statement-over",
            "letter-unknown",
            "slot-mismatch",
            "statement-time",
            "certificate-revoked",
            "certificate-expired");

    private Waiting show(String id) {
        try {
            var errand = desk.outbox().read(id);
            return new Waiting(id, errand.kind(), errand.about());
        } catch (Refusal refusal) {
            return new Waiting(id, "damaged", Canonical.of(Map.of("refusal", refusal.code())));
        }
    }
}
