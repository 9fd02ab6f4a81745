package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.wire.Json;

@Tag("V8")
@Tag("V10")
class ReferralCase2Test {
    @Test
    void aPatientWithoutAnIdIsReferredAndNothingOfItIsLeftOnAnyServer(@TempDir Path folder) throws Exception {
        var json = folder.resolve("out.json");
        var telling = Played.quietly(Optional.of(json));
        try (var played = Played.inProcess(Files.createDirectory(folder.resolve("region")))) {
            var papers = played.papers();
            new ReferralCase2(
                            telling,
                            played.machine.place(),
                            played.cast,
                            played.casting.supervisor(),
                            papers.papers(),
                            new DocumentRules(),
                            Played.CLOCK,
                            Played.DIE)
                    .tell();
            new NothingLeft(telling, played.machine, played.cast).prove(papers.papers(), papers.words());
        }
        assertTrue(telling.allHeld());
        var steps = Files.readAllLines(json).stream()
                .map(line -> Json.read(Bytes.utf8(line), Telling.Line.class))
                .filter(told -> told.story().equals(ReferralCase2.NAME))
                .map(Telling.Line::step)
                .toList();
        assertEquals(
                List.of(
                        "accreditation",
                        "1-examination-by-a",
                        "2-letter-written",
                        "3-two-shot",
                        "4-provisional-registration",
                        "5-letter-saved",
                        "6-lateral-grant",
                        "7-visit-to-b",
                        "8-letter-opened",
                        "9-examination-by-b",
                        "proof-supervision",
                        "activation",
                        "proof-sheet-dead",
                        "confirmation"),
                steps);
    }
}
