package org.mizuhiki.trust.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is remembered is true.
class StatusMemoryTest {
    private static final Instant NOW = Instant.parse("2026-04-01T00:00:00Z");
    private static final Known GOOD = new Known.Good();
    private static final Known ENDED = new Known.Revoked(NOW, 1);

    private final StatusMemory memory = new StatusMemory(64, Duration.ofMinutes(30));

    private static StatusMemory.Slot slot(long serial) {
        return new StatusMemory.Slot("person", BigInteger.valueOf(serial));
    }

    private Known ask(Known inRows) {
        return memory.of(slot(1), NOW, () -> inRows).known();
    }

    @Test
    void theRowsAreAskedOnce() {
        ask(GOOD);
        assertEquals(GOOD, ask(ENDED));
    }

    @Test
    void whatWasReadBeforeARevocationIsNotKeptAfterIt() {
        // read, then somebody revokes and commits, then the reader comes to keep what it read
        memory.of(slot(1), NOW, () -> {
            try (var change = memory.new Change()) {
                change.ended(List.of(slot(1)));
            }
            return GOOD;
        });
        assertEquals(ENDED, ask(ENDED));
    }

    @Test
    void whatWasReadDuringARevocationIsNotKeptAfterIt() {
        var change = memory.new Change();
        memory.of(slot(1), NOW, () -> {
            change.ended(List.of(slot(1)));
            change.close();
            return GOOD; // read before the commit
        });
        assertEquals(ENDED, ask(ENDED));
    }

    @Test
    void whileARevocationIsUnderWayTheRowsAreAsked() {
        ask(GOOD);
        try (var change = memory.new Change()) {
            assertEquals(ENDED, ask(ENDED));
            change.ended(List.of());
        }
    }

    @Test
    void aRevocationOfUnknownOutcomeForgetsAll() {
        ask(GOOD);
        try (var _ = memory.new Change()) {
            // the connection broke at the commit
        }
        assertEquals(ENDED, ask(ENDED));
    }

    @Test
    void nothingIsRememberedForLong() {
        ask(GOOD);
        assertEquals(
                ENDED,
                memory.of(slot(1), NOW.plus(Duration.ofMinutes(30)), () -> ENDED)
                        .known());
        assertEquals(GOOD, memory.of(slot(1), NOW.minusSeconds(1), () -> GOOD).known()); // a clock set back
    }

    @Test
    void itIsBoundedAndMadeUpNumbersPushNothingOut() {
        ask(GOOD);
        for (int i = 10; i < 2000; i++) {
            assertInstanceOf(
                    Known.Never.class, memory.of(slot(i), NOW, Known.Never::new).known());
        }
        assertEquals(GOOD, ask(ENDED));
        for (int i = 10; i < 2000; i++) {
            memory.of(slot(i), NOW, () -> GOOD);
        }
        assertTrue(memory.size() <= 64);
    }
}
