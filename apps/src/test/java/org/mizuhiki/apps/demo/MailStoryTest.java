package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo's story about mail, with its own bridge process.
@Tag("V5")
class MailStoryTest {
    @TempDir
    static Path folder;

    private static Played played;

    @BeforeAll
    static void aRegion() throws Exception {
        Assumptions.assumeTrue(MailStory.missing().isEmpty(), "openssl and curl");
        played = Played.inProcess(Files.createDirectory(folder.resolve("region")));
    }

    @AfterAll
    static void goesDown() {
        played.close();
    }

    @Test
    void strangersWriteAndAreAnsweredAndMailProgramsReadAlong() throws Exception {
        var told = folder.resolve("told.json");
        var telling = Played.quietly(Optional.of(told));
        var papers = played.papers();
        var sent = played.story(telling, papers).tell();
        played.cast
                .doctorA()
                .pocket()
                .grants()
                .give(sent, played.cast.doctorB().id(), java.time.Duration.ofDays(1), "referral");
        new MailStory(telling, played.machine, played.cast, Optional.of(sent), Played.CLOCK, Played.DIE).tell();
        assertTrue(telling.allHeld());
        assertEquals(
                10,
                Files.readAllLines(told).stream()
                        .filter(l -> l.contains("mail-interop") && !l.contains("mutt"))
                        .count());
    }
}
