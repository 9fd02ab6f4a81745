package org.mizuhiki.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.store.graph.Graph;
import org.mizuhiki.store.shelf.Shelf;

/// The store on a database and a folder. A blob's file is on disk before its row, so a row never promises
/// what is not there; a file without a row is swept.
public final class PostgresStore implements Store {
    /// The class path folder of this store's tables, for [org.mizuhiki.database.Databases#open].
    public static final String MIGRATIONS = "db/store";

    /// Later ends are cut to this: what the database can hold.
    private static final Instant LAST_DAY = Instant.parse("9999-12-31T00:00:00Z");

    private static final int LONGEST_INBOX = 500;

    private final Database database;
    private final Shelf shelf;
    private final StoreLimits limits;
    private final Clock clock;

    private PostgresStore(Database database, Shelf shelf, StoreLimits limits, Clock clock) {
        this.database = database;
        this.shelf = shelf;
        this.limits = limits;
        this.clock = clock;
    }

    /// @param database opened with [#MIGRATIONS]; stays the caller's to close
    /// @param blobs folder of this store alone
    public static PostgresStore open(Database database, Path blobs, StoreLimits limits, Clock clock) {
        return new PostgresStore(database, Shelf.open(blobs, limits.reserveBytes()), limits, clock);
    }

    private <T> T inGraph(Function<Graph, T> work) {
        return database.inTransaction(rows -> work.apply(new Graph(rows, clock.instant())));
    }

    /// {@inheritDoc}
    ///
    /// Everything is received and hashed even if the blob is here already: who puts a digest without its
    /// bytes must not learn whether it exists, nor become one who brought it.
    ///
    /// @throws Refusal `blob-too-large`, `quota-exceeded`, `upload-broken`, `database-away` as well
    @Override
    public void put(PersonId caller, Digest digest, InputStream content, long size) {
        if (size < 0 || size > limits.blobBytes()) {
            throw Refusal.of(
                    "blob-too-large",
                    "データが大きすぎます。上限は" + limits.blobBytes() + "バイトです",
                    "The blob is too large; the limit is " + limits.blobBytes() + " bytes");
        }
        inGraph(graph -> withinQuota(graph, caller, digest, size));
        try (var received = shelf.receive(digest, content, size)) {
            inGraph(graph -> {
                graph.lock(caller.value());
                graph.lock(digest.hex());
                withinQuota(graph, caller, digest, size);
                shelf.keep(received);
                graph.addBlob(digest, size);
                graph.addUpload(digest, caller);
                return true;
            });
        }
    }

    private boolean withinQuota(Graph graph, PersonId caller, Digest digest, long size) {
        if (!graph.brought(caller, digest) && graph.unregistered(caller) + size > limits.unregisteredBytes()) {
            throw Refusal.of(
                    "quota-exceeded",
                    "未登録のデータが上限に達しました。登録するか、削除されるまでお待ちください",
                    "You have put as much as may wait to be registered; register it, or wait until it lapses");
        }
        return true;
    }

    @Override
    public Path fetch(PersonId caller, Digest digest) {
        var file = shelf.of(digest);
        if (!inGraph(graph -> graph.mayFetch(caller, digest)) || !Files.exists(file)) {
            throw blobUnknown();
        }
        return file;
    }

    /// {@inheritDoc}
    ///
    /// Only who brought a blob may put it into an envelope: knowing a digest opens nothing.
    ///
    /// @throws Refusal `blob-unknown`, `envelope-conflict`, `envelope-malformed`
    @Override
    public void register(PersonId caller, Envelope envelope) {
        register(caller, Optional.empty(), envelope);
    }

    @Override
    public void register(PersonId caller, Optional<InstitutionCode> worksAt, Envelope envelope) {
        var blobs = new ArrayList<>(envelope.objects());
        blobs.add(envelope.letter());
        if (blobs.size() > StoreLimits.MOST_OBJECTS || new HashSet<>(blobs).size() != blobs.size()) {
            throw Refusal.of(
                    "envelope-malformed",
                    "封書の構成が正しくありません（重複または多すぎるデータ）",
                    "An envelope names each blob once, and at most " + StoreLimits.MOST_OBJECTS);
        }
        inGraph(graph -> {
            graph.lock(envelope.letter().hex());
            var present = graph.envelope(envelope.letter());
            if (present.isPresent() && present.get().author().equals(caller)) {
                same(present.get(), envelope);
            } else {
                if (!blobs.stream().allMatch(blob -> graph.brought(caller, blob))) {
                    throw blobUnknown();
                }
                if (present.isPresent()) {
                    throw conflict();
                }
                graph.addEnvelope(envelope.letter(), envelope.objects(), caller, envelope.owner());
                if (!envelope.owner().equals(caller)) {
                    graph.tell(envelope.owner(), envelope.letter(), envelope.owner(), caller);
                }
            }
            graph.settle(caller, blobs);
            if (present.isEmpty()) {
                worksAt.ifPresent(institution -> graph.count(institution, blobs));
            }
            return true;
        });
    }

    private static void same(Graph.Registered present, Envelope envelope) {
        if (!present.owner().equals(envelope.owner()) || !present.objects().equals(envelope.objects())) {
            throw conflict();
        }
    }

    /// {@inheritDoc}
    ///
    /// A reader cannot give more time than he has: two readers could otherwise prolong each other for ever.
    ///
    /// @throws Refusal `share-expired`
    @Override
    public void share(PersonId caller, Share share) {
        inGraph(graph -> {
            graph.lock(share.letter().hex());
            var longest = mayShareUntil(graph, caller, share.letter()).orElseThrow(PostgresStore::envelopeUnknown);
            var until = share.until().isBefore(longest) ? share.until() : longest;
            if (!until.isAfter(graph.now())) {
                throw Refusal.of(
                        "share-expired", "閲覧期限が過去です。期限を確かめてください", "The share's end is in the past; check the date");
            }
            graph.addShare(share.letter(), share.reader(), caller, share.grant(), until);
            graph.tell(share.reader(), share.letter(), share.reader(), caller);
            var owner = graph.envelope(share.letter()).orElseThrow().owner();
            if (!owner.equals(caller) && !owner.equals(share.reader())) {
                graph.tell(owner, share.letter(), share.reader(), caller);
            }
            return true;
        });
    }

    private static Optional<Instant> mayShareUntil(Graph graph, PersonId caller, Digest letter) {
        return graph.envelope(letter)
                .flatMap(e -> e.author().equals(caller) || e.owner().equals(caller)
                        ? Optional.of(LAST_DAY)
                        : graph.reads(caller, letter));
    }

    /// {@inheritDoc}
    ///
    /// @throws Refusal `envelope-unknown`: also for who has no part in it
    @Override
    public void unshare(PersonId caller, Digest letter, PersonId reader) {
        inGraph(graph -> {
            graph.lock(letter.hex());
            var owns = graph.envelope(letter)
                    .map(e -> e.owner().equals(caller))
                    .orElseThrow(PostgresStore::envelopeUnknown);
            var gone = graph.dropShares(letter, reader, owns ? Optional.empty() : Optional.of(caller));
            if (!gone && mayShareUntil(graph, caller, letter).isEmpty()) {
                throw envelopeUnknown();
            }
            if (gone && graph.reads(reader, letter).isEmpty()) {
                graph.untell(reader, letter);
            }
            return true;
        });
    }

    @Override
    public List<Notice> inbox(PersonId caller, int limit, long before) {
        int bounded = Math.clamp(limit, 1, LONGEST_INBOX);
        return inGraph(graph -> graph.told(caller, bounded, before > 0 ? before : Long.MAX_VALUE).stream()
                .map(t -> new Notice(t.number(), t.letter(), t.sender(), t.owner(), t.objects(), t.at()))
                .toList());
    }

    /// Removes blobs that were brought long ago and never put into an envelope, and files that never got a
    /// row; to be called now and then.
    ///
    /// @return how many blobs went
    public int sweep() {
        var then = clock.instant().minus(limits.orphansFor());
        inGraph(graph -> {
            graph.dropUploadsBefore(then);
            return true;
        });
        var swept = new AtomicInteger();
        shelf.eachOlderThan(then, blob -> swept.addAndGet(inGraph(graph -> sweep(graph, blob)) ? 1 : 0));
        return swept.get();
    }

    /// Copies all blobs while the store runs, for a backup. Taken after the rows they have every blob of
    /// every envelope in them: those are never removed.
    ///
    /// @param folder empty, or made; not synced
    public void copyBlobs(Path folder) throws IOException {
        shelf.copyTo(folder);
    }

    private boolean sweep(Graph graph, Digest blob) {
        graph.lock(blob.hex());
        if (!graph.dropIfOrphan(blob)) {
            return false;
        }
        shelf.remove(blob);
        return true;
    }

    private static Refusal blobUnknown() {
        return Refusal.of(
                "blob-unknown", "このデータは存在しないか、閲覧する権限がありません", "There is no such blob, or you may not fetch it");
    }

    private static Refusal envelopeUnknown() {
        return Refusal.of(
                "envelope-unknown", "この封書は存在しないか、操作する権限がありません", "There is no such envelope, or you have no part in it");
    }

    private static Refusal conflict() {
        return Refusal.of(
                "envelope-conflict",
                "同じ識別子の封書が別の内容で登録されています",
                "An envelope with this letter is registered with other content");
    }
}
