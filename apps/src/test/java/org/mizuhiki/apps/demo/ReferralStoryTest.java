package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.wire.Json;

@Tag("V2")
@Tag("V6")
@Tag("V7")
@Tag("V9")
@Tag("B2")
@Tag("F3")
@Tag("F14")
class ReferralStoryTest {
    @Test
    void aSealedLetterCrossesARegionAndEveryClaimAboutItHolds(@TempDir Path folder) throws Exception {
        var json = folder.resolve("out.json");
        var telling = Played.quietly(Optional.of(json));
        try (var played = Played.inProcess(Files.createDirectory(folder.resolve("region")))) {
            var papers = played.papers();
            played.story(telling, papers).tell();
            new NothingLeft(telling, played.machine, played.cast).prove(papers.papers(), papers.words());
        }
        assertTrue(telling.allHeld());
        assertEquals(
                List.of(
                        "1-examination-by-a",
                        "2-letter-written",
                        "3-letter-saved",
                        "4-lateral-grant",
                        "5-visit-to-b",
                        "6-letter-opened",
                        "7-examination-by-b",
                        "proof-bit-identical",
                        "proof-evidence",
                        "proof-third-doctor",
                        "proof-other-patient",
                        "proof-patient-sees",
                        "proof-revocation",
                        "proof-search-works",
                        "proof-nothing-left"),
                steps(json));
    }

    private static List<String> steps(Path json) throws Exception {
        var steps = new ArrayList<String>();
        for (var line : Files.readAllLines(json)) {
            var told = Json.read(Bytes.utf8(line), Telling.Line.class);
            assertEquals("referral-case-1", told.story());
            assertTrue(told.ok(), line);
            steps.add(told.step());
        }
        return steps;
    }
}
