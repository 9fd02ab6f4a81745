package org.mizuhiki.trust;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.EvidenceCheck;
import org.mizuhiki.ledger.LogKeys;
import org.mizuhiki.wire.Json;

/// A client's copy of the list of foreign roots, proven by the ledger, kept in a file for times without a
/// network and proven again when it is loaded. A list that is shorter than the one known, or that tells its
/// past differently, is not taken: a withdrawn root would come back with it.
public final class KnownForeignRoots {
    private static final int LARGEST = 8 << 20;

    private final EvidenceCheck evidence;
    private final LogKeys log;
    private final Path file;
    private final Clock clock;
    private final AtomicReference<Held> held;

    private record Held(List<Bytes> changes, ForeignRootList list) {}

    private KnownForeignRoots(EvidenceCheck evidence, LogKeys log, Path file, Clock clock) {
        this.evidence = evidence;
        this.log = log;
        this.file = file;
        this.clock = clock;
        this.held = new AtomicReference<>(new Held(List.of(), new ForeignRootList(0, Optional.empty(), List.of())));
    }

    /// Loads what is kept, if anything is.
    ///
    /// @throws Refusal `foreign-roots-forged`, or those of [EvidenceCheck], when the file was changed
    public static KnownForeignRoots open(EvidenceCheck evidence, LogKeys log, Path file, Clock clock) {
        var known = new KnownForeignRoots(evidence, log, file, clock);
        try {
            if (Files.size(file) > LARGEST) {
                throw ForeignRootList.forged(null);
            }
            known.take(Json.read(Bytes.of(Files.readAllBytes(file)), ForeignRoots.History.class));
        } catch (NoSuchFileException none) {
            return known;
        } catch (IOException e) {
            throw new UncheckedIOException("the list of foreign roots cannot be read", e);
        }
        return known;
    }

    /// Asks for news and keeps them.
    ///
    /// @throws Refusal `foreign-roots-forged`, and those of [EvidenceCheck] and of the source
    public synchronized void refresh(ForeignRoots source) {
        var history = source.history();
        if (take(history)) {
            KeyFiles.write(file, new String(Json.write(history).toArray(), StandardCharsets.UTF_8), "rw-r--r--");
        }
        try {
            if (Files.exists(file)) { // its time says when it was last known to be the newest
                Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the list of foreign roots cannot be marked as asked for", e);
        }
    }

    /// For whoever works without a network: what was kept so long ago, or at a time that is yet to come, says
    /// nothing of roots that were withdrawn since.
    ///
    /// @throws Refusal `foreign-roots-too-old`
    public void mustBeFresh(Freshness freshness) {
        try {
            var now = clock.instant();
            var asked = Files.getLastModifiedTime(file).toInstant();
            var longest = freshness.maxAge().plus(freshness.grace());
            if (asked.plus(longest).isBefore(now) || asked.isAfter(now.plus(freshness.clockSkew()))) {
                throw tooOld(asked, longest);
            }
        } catch (NoSuchFileException e) {
            return; // no root is known then, and nobody is believed
        } catch (IOException e) {
            throw new UncheckedIOException("the list of foreign roots cannot be read", e);
        }
    }

    private static Refusal tooOld(Instant asked, Duration longest) {
        return Refusal.of(
                "foreign-roots-too-old",
                "保管している外部ルートの一覧は " + asked + " のもので、" + longest.toDays()
                        + "日を過ぎた（または未来の）ため使えません。--offline を付けずに一度実行してください（端末の時計も確認してください）",
                "The kept list of foreign roots is of " + asked + ": older than " + longest.toDays()
                        + " days, or from the future; run it once without --offline, and check this device's clock");
    }

    public ForeignRootList current() {
        return held.get().list();
    }

    /// @return whether there was news
    private boolean take(ForeignRoots.History history) {
        var before = held.get().changes();
        var changes = history.changes();
        boolean follows = changes.size() >= before.size()
                && changes.subList(0, before.size()).equals(before);
        if (!follows) {
            throw ForeignRootList.forged(null);
        }
        if (changes.size() == before.size()) {
            return false;
        }
        var list = ForeignRootList.of(changes);
        var proof = history.evidence().orElseThrow(() -> ForeignRootList.forged(null));
        if (!proof.entry().equals(ForeignRootChange.decode(changes.getLast()).entry())) {
            throw ForeignRootList.forged(null);
        }
        evidence.check(proof, log);
        held.set(new Held(changes, list));
        return true;
    }
}
