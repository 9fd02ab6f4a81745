package org.mizuhiki.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// kill -9 in the middle of a release: the reader tries again, and it was disclosed exactly once.
@Tag("V3")
@Tag("B2")
class KilledKeyServerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    void aReleaseThatWasKilledAnywhereCompletesOnceOnRetry() throws Exception {
        for (var place : List.of("before-ledger", "after-ledger", "before-answer")) {
            Region.Referral referral;
            Path file = folder.resolve("disclosure-" + place);
            int logged;
            var ledger = new FileLedger(folder.resolve("ledger"));
            try (var region = new Region(folder, ledger)) {
                referral = region.letter();
                var grant = referral.granted();
                var opening = referral.opening(referral.colleague.id(), Optional.of(grant.id()));
                Files.write(file, region.sign(opening, referral.colleague).toArray());
                logged = ledger.lines().size();
            }
            dieAt(place, referral.colleague.id().value(), file);
            try (var region = new Region(folder, ledger)) {
                region.keys.settle();
                var signed = org.mizuhiki.house.Bytes.of(Files.readAllBytes(file));
                var release = region.keys.release(referral.colleague.id(), signed);
                assertEquals(referral.colleaguesSlot, release.slot());
                assertEquals(logged + 1, ledger.lines().size(), place);
                assertEquals(
                        3,
                        region.keys
                                .aboutLetter(referral.patient.id(), referral.letter)
                                .size(),
                        place);
                assertEquals(0, region.count("outbox"), place);
            }
        }
    }

    private void dieAt(String place, String caller, Path file) throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var child = new ProcessBuilder(
                        java, "-cp", classes, Doomed.class.getName(), folder.toString(), place, caller, file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean reached = false;
        try (var lines = child.inputReader()) {
            for (var line = lines.readLine(); line != null && !reached; line = reached ? null : lines.readLine()) {
                reached = line.equals(Doomed.HERE);
                if (reached) {
                    break;
                }
            }
            child.destroyForcibly().waitFor();
        }
        assertTrue(reached, "the process must get as far as " + place);
    }
}
