package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.NewLetter;
import org.mizuhiki.pocket.Written;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.DocumentRules;

/// Real processes, killed with -9 while letters are sent: every send that is tried again completes,
/// exactly once.
@Tag("V9")
@Tag("B2")
class KilledServersTest {
    private static final List<String> VICTIMS = List.of("store", "keys", "authority", "witness");
    private static final Duration RELATION = Duration.ofDays(30);
    private static final Duration LONGEST = Duration.ofMinutes(4);

    @Test
    void aSendCompletesExactlyOnceWhicheverServerIsKilled(@TempDir Path folder) throws Exception {
        try (var processes = new Processes();
                var played = Played.asProcesses(Files.createDirectory(folder.resolve("region")), processes)) {
            var doctor = played.cast.doctorA();
            var patient = played.cast.patient();
            doctor.pocket().relations().propose(patient.id(), RELATION);
            patient.pocket().relations().accept(doctor.id());
            var letters = new ArrayList<Digest>();
            for (var victim : VICTIMS) {
                var draft = draft(played);
                processes.kill(victim);
                letters.add(untilDone(() -> doctor.pocket().post().send(draft).letter()));
                untilDone(() -> doctor.pocket()
                        .grants()
                        .give(letters.getLast(), played.cast.doctorB().id(), RELATION, "referral"));
            }
            for (var letter : letters) {
                var read =
                        untilDone(() -> played.cast.doctorB().pocket().reading().open(letter, "referral"));
                assertEquals(patient.id(), read.owner());
            }
            var inbox = patient.pocket().post().inbox(100, Long.MAX_VALUE);
            assertEquals(new HashSet<>(letters).size(), letters.size());
            for (var letter : letters) {
                var openings = untilDone(() -> patient.pocket().trail().openings(letter));
                assertEquals(1, openings.size(), "one opening, logged once");
                assertTrue(openings.getFirst().proof().isPresent());
                assertTrue(inbox.stream().anyMatch(n -> n.letter().equals(letter)));
            }
        }
    }

    private static String draft(Played played) throws Exception {
        var papers = played.papers().papers();
        var letter = new NewLetter(
                played.cast.patient().id(),
                papers.document(),
                papers.files(),
                new DocumentRules(),
                AttachmentReading::check);
        return ((Written.Drafted) played.cast.doctorA().pocket().post().write(letter))
                .draft()
                .id();
    }

    private interface Try<T> {
        T once() throws Exception;
    }

    /// What a person does: tries again when told that a server is away.
    private static <T> T untilDone(Try<T> attempt) throws Exception {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (true) {
            try {
                return attempt.once();
            } catch (Refusal away) {
                if (System.nanoTime() > end) {
                    throw away;
                }
                Thread.sleep(Duration.ofMillis(200));
            }
        }
    }
}
