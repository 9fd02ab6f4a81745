package org.mizuhiki.consent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// Little worlds and what the statute answers in them, by which the portal's worker, which decides by itself
/// too, is held to the same rules (`portal/src/test/statute.jsonl`, a world a line). Made anew by
/// `mvn -pl consent test -Dtest=BrowserStatuteTest -Dmizuhiki.vectors=write`.
@Tag("V6")
@Tag("V7")
@Tag("B4")
class BrowserStatuteTest {
    private static final Path FILE = Path.of("../portal/src/test/statute.jsonl");
    private static final int WORLDS = 140;

    @Test
    void theBrowserIsHeldToWhatTheStatuteAnswersToday() throws IOException {
        var worlds = new StringBuilder();
        for (long seed = 0; seed < WORLDS; seed++) {
            worlds.append(world(seed)).append('\n');
        }
        if (System.getProperty("mizuhiki.vectors", "").equals("write")) {
            Files.writeString(FILE, worlds);
        }

        assertEquals(Files.readString(FILE), worlds.toString());
        for (var rule : Rule.values()) {
            assertTrue(worlds.indexOf("\"" + rule.code() + "\"") > 0, rule.code() + " decides nowhere");
        }
    }

    private static String world(long seed) {
        var world = StatutePropertiesTest.peopled(seed);
        var said = world.said.stream()
                .map(a -> a.statement().canonical().encode().asUtf8())
                .toList();
        var asks = new StringBuilder();
        for (int i = 0; i < 2; i++) {
            var now = StatutePropertiesTest.time(world);
            for (var who : StatutePropertiesTest.people(world)) {
                for (var letter : List.of(world.letter, world.picture)) {
                    ask(asks, who, letter, now, World.answer(who, letter, now, world.said));
                }
                var related = new RegionStatute().related(who, world.patient, now, world.said);
                ask(asks, who, world.patient, now, related ? "related" : "not-related");
            }
        }
        return "{\"asks\":[" + asks + "],\"said\":[" + String.join(",", said) + "]}";
    }

    private static void ask(StringBuilder asks, PersonId who, Digest letter, Instant now, String answer) {
        append(asks, who, letter.hex(), now, answer);
    }

    private static void ask(StringBuilder asks, PersonId who, PersonId patient, Instant now, String answer) {
        append(asks, who, patient.value(), now, answer);
    }

    private static void append(StringBuilder asks, PersonId who, String about, Instant now, String answer) {
        asks.append(asks.isEmpty() ? "" : ",")
                .append("[\"%s\",\"%s\",\"%s\",\"%s\"]".formatted(who, about, now, answer));
    }
}
