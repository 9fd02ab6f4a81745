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

@Tag("V4")
@Tag("F7")
@Tag("F11")
class RecoveryStoryTest {
    @Test
    void lettersComeBackAfterPasswordAndKeysWereLost(@TempDir Path folder) throws Exception {
        var json = folder.resolve("out.json");
        var telling = Played.quietly(Optional.of(json));
        try (var played = Played.inProcess(Files.createDirectory(folder.resolve("region")))) {
            new RecoveryStory(telling, played.machine.place(), played.cast, played.casting, Played.CLOCK, Played.DIE)
                    .tell(played.papers().papers(), new DocumentRules());
        }
        assertTrue(telling.allHeld());
        var steps = new ArrayList<String>();
        for (var line : Files.readAllLines(json)) {
            steps.add(Json.read(Bytes.utf8(line), Telling.Line.class).step());
        }
        assertEquals(
                List.of(
                        "1-letter",
                        "2-account",
                        "3-second-device",
                        "4-recovery-code",
                        "5-guardians",
                        "6-veto",
                        "7-two-of-three",
                        "8-all-lost",
                        "9-sealed-again"),
                steps);
    }
}
