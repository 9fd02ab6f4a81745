package org.mizuhiki.pocket.outbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.KeyServer;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.ledger.EvidenceCheck;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.ledger.LogKeys;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.store.Store;

/// To whom steps are told.
public record Servers(
        PersonId me, KeyServer keys, Store store, Ledger ledger, EvidenceCheck evidenceCheck, LogKeys log) {

    /// @param blobs the folder with the errand's blobs
    /// @return the checked evidence, for a [Step.Logged]
    Optional<Evidence> tell(Step step, Path blobs) {
        switch (step) {
            case Step.Keep keep -> upload(keep, blobs);
            case Step.Register r -> store.register(me, new Store.Envelope(r.letter(), r.objects(), r.owner()));
            case Step.FileLetter file -> keys.file(me, file.signed(), file.slots());
            case Step.FileRegistration file -> keys.register(me, file.signed(), file.slots());
            case Step.Say say -> keys.say(me, say.signed());
            case Step.Grant grant -> keys.grant(me, grant.signed(), grant.slot());
            case Step.Share s -> store.share(me, new Store.Share(s.letter(), s.reader(), s.grant(), s.until()));
            case Step.Unshare s -> store.unshare(me, s.letter(), s.reader());
            case Step.Logged logged -> {
                return Optional.of(
                        logged(new Entry(logged.kind(), logged.record())).evidence());
            }
        }
        return Optional.empty();
    }

    /// The ledger's proof of `entry`, fetched and checked on this device.
    public Logged logged(Entry entry) {
        var evidence = ledger.evidence(entry.leaf());
        // a proof of some other entry proves nothing about this one
        if (!evidence.entry().equals(entry)) {
            throw org.mizuhiki.house.Refusal.of(
                    "evidence-broken",
                    "台帳が別の記録の証拠を返しました。この記録は台帳で確認できません",
                    "The ledger answered with the proof of another entry");
        }
        return new Logged(evidence, evidenceCheck.check(evidence, log));
    }

    /// Evidence that holds.
    ///
    /// @param by at the latest then it was in the ledger
    public record Logged(Evidence evidence, Instant by) {}

    private void upload(Step.Keep keep, Path blobs) {
        var file = blobs.resolve(keep.blob().hex());
        Disk.attempt(() -> {
            if (!Files.exists(file)) {
                throw StepForm.damaged();
            }
            store.put(me, keep.blob(), file);
            return file;
        });
    }
}
