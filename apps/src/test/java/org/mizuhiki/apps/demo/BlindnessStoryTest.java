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
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.wire.Json;

/// Real processes, whose heap, memory, tables and files are searched.
@Tag("V2")
@Tag("V3")
@Tag("V4")
class BlindnessStoryTest {
    @Test
    void whoStealsOneServerLearnsNothingAndWhoStealsBothFindsAWeakPassword(@TempDir Path folder) throws Exception {
        var json = folder.resolve("out.json");
        var telling = Played.quietly(Optional.of(json));
        var region = Files.createDirectory(folder.resolve("region"));
        try (var processes = new Processes();
                var played = Played.asProcesses(region, processes)) {
            var papers = played.papers();
            played.story(telling, papers).tell();
            new BlindnessStory(
                            telling,
                            played.machine.place(),
                            processes,
                            played.cast,
                            played.casting,
                            Played.CLOCK,
                            Played.DIE)
                    .tell(papers, new DocumentRules());
            try (var left = Files.list(region)) {
                assertTrue(left.noneMatch(f -> f.getFileName().toString().startsWith("stolen")));
            }
        }
        assertTrue(telling.allHeld());
        var steps = new ArrayList<String>();
        for (var line : Files.readAllLines(json)) {
            var told = Json.read(Bytes.utf8(line), Telling.Line.class);
            if (told.story().equals(BlindnessStory.NAME)) {
                steps.add(told.step());
            }
        }
        assertEquals(
                List.of(
                        "1-weak-password",
                        "2-keys-dumped",
                        "3-store-dumped",
                        "4-search-works",
                        "4-search-works-at-the-store",
                        "5-keys-alone",
                        "6-store-alone",
                        "7-keys-guesses",
                        "8-store-guesses",
                        "9-both-guesses"),
                steps);
    }
}
