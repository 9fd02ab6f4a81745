package org.mizuhiki.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mizuhiki.registration.World.refused;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.ledger.LogKeys;

/// Acts that the ledger has, has not yet, and never had.
@Tag("D5")
class ActProofsTest {
    private static final LogKeys LOG = new LogKeys("list", Bytes.of(), Bytes.of(), Map.of(), 0);
    private static World world;

    @BeforeAll
    static void aRegion() throws Exception {
        world = new World().accredited();
    }

    @AfterAll
    static void close() throws Exception {
        world.close();
    }

    private static ActProofs proofs(ListLedger ledger, Instant at) {
        return new ActProofs(ledger, (evidence, keys) -> at, LOG, world.clock);
    }

    @Test
    void anActThatTheLedgerLacksIsRefusedOnceItIsOldEnough() {
        var at = world.clock.instant();
        var walk = new Walk(world);
        var act = walk.clinic().papers(walk.file).getFirst();
        assertEquals(Optional.of(at), proofs(world.ledger, at).enteredBy(act));
        var empty = proofs(new ListLedger(), at);
        // accepted a moment ago: on its way
        assertEquals(Optional.empty(), empty.enteredBy(act));
        world.clock.move(Duration.ofMinutes(61));
        try {
            refused("act-not-in-ledger", () -> empty.enteredBy(act));
            assertEquals(Optional.of(at), proofs(world.ledger, at).enteredBy(act));
        } finally {
            world.clock.move(Duration.ofMinutes(-61));
        }
    }
}
