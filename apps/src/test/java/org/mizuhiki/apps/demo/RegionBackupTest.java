package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.command.Exit;
import org.mizuhiki.apps.role.RestoreCommand;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.OfflineEvidenceCheck;
import org.mizuhiki.ledger.PinnedStampRoots;
import org.mizuhiki.pocket.NewLetter;
import org.mizuhiki.pocket.Written;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.seal.Seals;
import picocli.CommandLine;

/// A whole region lost and brought back: once from backups made while letters were sent, once from backups
/// made after the last one.
@Tag("V9")
@Tag("B2")
class RegionBackupTest {
    private static final Duration LIFE = Duration.ofDays(30);
    private static final List<String> WITH_ROWS = List.of("keys", "store", "centre", "authority");
    private static final List<String> IN_NO_BACKUP =
            List.of("config.yaml", "tls", "accreditation", "log-keys", "region.json", "ledger-keys.json");

    @TempDir
    Path folder;

    private final List<Digest> sent = new CopyOnWriteArrayList<>();

    @Test
    void aRegionComesBackFromItsBackups() throws Exception {
        var early = folder.resolve("early");
        var last = folder.resolve("last");
        try (var played = Played.inProcess(Files.createDirectory(folder.resolve("region")))) {
            played.cast
                    .doctorA()
                    .pocket()
                    .relations()
                    .propose(played.cast.patient().id(), LIFE);
            played.cast
                    .patient()
                    .pocket()
                    .relations()
                    .accept(played.cast.doctorA().id());
            var papers = played.papers();
            sent.add(send(played, papers));
            int before = backUpWhileLettersAreSent(played, papers, early);
            backUp(played, last);
            played.machine.close();

            try (var _ = broughtBack(played, early, "first-loss")) {
                provesButDoesNotGoOn(played, sent.subList(0, before));
            }
            try (var _ = broughtBack(played, last, "second-loss")) {
                sent.add(send(played, papers));
                for (var letter : sent) {
                    var read = played.cast.doctorB().pocket().reading().open(letter, "referral");
                    assertEquals(papers.papers().document(), read.document());
                }
            }
        }
    }

    private int backUpWhileLettersAreSent(Played played, SamplePapers papers, Path to) throws Exception {
        var enough = new AtomicBoolean();
        try (var sender = Executors.newVirtualThreadPerTaskExecutor()) {
            var sending = sender.submit(() -> {
                while (!enough.get()) {
                    sent.add(send(played, papers));
                }
                return true;
            });
            int before = sent.size();
            backUp(played, to);
            int after = sent.size();
            for (int i = 0; i < 3000 && sent.size() < after + 2 && !sending.isDone(); i++) {
                Thread.sleep(10);
            }
            enough.set(true);
            assertTrue(sending.get());
            assertTrue(sent.size() > before, "letters were sent meanwhile");
            return before;
        }
    }

    private static Digest send(Played played, SamplePapers papers) throws Exception {
        var cast = played.cast;
        var letter = new NewLetter(
                cast.patient().id(),
                papers.papers().document(),
                List.of(),
                new DocumentRules(),
                AttachmentReading::check);
        var post = cast.doctorA().pocket().post();
        var id = post.send(((Written.Drafted) post.write(letter)).draft().id()).letter();
        cast.doctorA().pocket().grants().give(id, cast.doctorB().id(), LIFE, "referral");
        return id;
    }

    private static void backUp(Played played, Path to) {
        for (var server : WITH_ROWS) {
            played.machine
                    .place()
                    .operate(server, "backup", Map.of("to", to.resolve(server).toString()));
        }
    }

    /// Starts the region from folders that have only keys, configuration and what a backup had.
    private static InProcess broughtBack(Played played, Path backups, String loss) throws Exception {
        var region = played.machine.place().folder();
        for (var server : WITH_ROWS) {
            var fresh = region.resolve(server);
            var lost = Files.move(fresh, region.resolve(server + "-" + loss));
            Files.createDirectory(fresh);
            for (var name : IN_NO_BACKUP) {
                copy(lost.resolve(name), fresh.resolve(name));
            }
            var restore = Exit.prepare(new CommandLine(new RestoreCommand()));
            var from = backups.resolve(server).toString();
            assertEquals(
                    0, restore.execute("--config", fresh.resolve("config.yaml").toString(), "--from", from));
        }
        var running = new InProcess(Played.CLOCK, Played.DIE);
        for (var server : List.of("authority", "witness", "keys", "store", "centre", "gateway-a", "gateway-b")) {
            running.launch(server, server, region.resolve(server).resolve("config.yaml"));
        }
        return running;
    }

    private static void copy(Path from, Path to) throws IOException {
        if (Files.exists(from)) {
            try (var all = Files.walk(from)) {
                for (var path : all.toList()) {
                    Files.copy(path, to.resolve(from.relativize(path).toString()));
                }
            }
        }
    }

    /// The witness saw more than the ledger has: what was is proven, but nothing new is believed, so
    /// nothing is opened either.
    private static void provesButDoesNotGoOn(Played played, List<Digest> letters) {
        var region = played.machine.region();
        var roots = region.trust().roots();
        var check = new OfflineEvidenceCheck(new Seals(Played.DIE).stamps(), new PinnedStampRoots(roots));
        var patient = played.cast.patient().pocket();
        var inbox = patient.post().inbox(100, Long.MAX_VALUE);
        for (var letter : letters) {
            assertTrue(inbox.stream().anyMatch(notice -> notice.letter().equals(letter)));
            var said = patient.trail().bundle(letter).items();
            assertTrue(said.size() >= 2, "the seal and the grant");
            said.forEach(item -> check.check(item.evidence(), region.log()));
            var refusal = assertThrows(
                    Refusal.class,
                    () -> played.cast.doctorB().pocket().reading().open(letter, "referral"));
            assertTrue(
                    List.of("ledger-forked", "checkpoint-late", "ledger-unavailable")
                            .contains(refusal.code()),
                    refusal.getMessage());
        }
    }
}
