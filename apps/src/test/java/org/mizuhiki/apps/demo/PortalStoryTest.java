package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.browser.Chromium;

/// The demo's story `portal`, and what is too large for the journeys' browser driver.
@ExtendWith(PortalStage.Given.class)
@Tag("V9")
@Tag("B4")
class PortalStoryTest {
    @Test
    void referralCaseOneIsPlayedByClickingAlone(PortalStage stage, @TempDir Path folder) throws Exception {
        var json = folder.resolve("steps.jsonl");
        var cast = stage.played.cast;
        var telling = Played.quietly(Optional.of(json));

        new PortalStory(telling, stage::door, cast, stage.played.papers().papers(), stage.door(cast.patient())).tell();

        assertTrue(telling.allHeld());
        assertEquals(8, Files.readAllLines(json).size(), Files.readString(json));
    }

    /// Prints the rate at which the worker sealed; the machine is too noisy to hold it to one.
    @Test
    void aHundredMegabytesAreSealedInTheWorkerAndADeviceOpensThem(PortalStage stage, @TempDir Path folder)
            throws Exception {
        var large = folder.resolve("large.pdf");
        try (var file = new RandomAccessFile(large.toFile(), "rw")) {
            file.writeBytes("%PDF-1.7\n");
            file.setLength(100_000_000);
        }
        var cast = stage.played.cast;
        var before = cast.doctorA().pocket().post().sent().size();
        try (var browser = Chromium.start(folder.resolve("browser"));
                var tab = PortalStory.enter(browser, stage.door(cast.doctorA()))) {
            PortalStory.fill(tab, cast.patient().id());
            tab.files("#files", java.util.List.of(large));
            tab.shows("large.pdf");
            tab.click("送る前に、何が起きるかを見る");
            tab.headed("送ると起きること");
            tab.click("署名して封をして送る");
            tab.headed("送りました");
            assertFalse(tab.text(".sealed").isEmpty());
            System.out.println("100 MB: " + tab.text(".sealed"));
        }
        var sent = cast.doctorA().pocket().post().sent();
        assertEquals(before + 1, sent.size());
        var read = cast.doctorB().pocket().reading().open(sent.getFirst().letter(), "referral");
        var saved = cast.doctorB().pocket().reading().save(read, Files.createDirectory(folder.resolve("saved")));
        assertEquals(-1, Files.mismatch(large, saved.getFirst()));
    }
}
