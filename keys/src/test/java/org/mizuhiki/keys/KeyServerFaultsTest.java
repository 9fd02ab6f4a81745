package org.mizuhiki.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// Something is away at every step in turn; what was asked for happens exactly once in the end.
@Tag("V3")
@Tag("B2")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyServerFaultsTest {
    private static final int MOST_STEPS = 12;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private Region region;

    @BeforeAll
    void open() {
        region = new Region(folder);
    }

    @AfterAll
    void close() {
        region.close();
    }

    /// Fails at every transaction, before and after its commit; then the same call goes through, once.
    private void assertExactlyOnce(Supplier<Runnable> newCall) {
        for (var after : new boolean[] {false, true}) {
            int failures = 0;
            for (int step = 1; step <= MOST_STEPS; step++) {
                var call = newCall.get();
                long filed = region.count("statements");
                int logged = region.ledger.size();
                region.database.failAt(step, after);
                try {
                    call.run();
                } catch (Refusal e) {
                    assertEquals("database-away", e.code());
                    failures++;
                }
                region.database.heal();
                call.run();
                call.run();
                assertEquals(filed + 1, region.count("statements"));
                assertEquals(logged + 1, region.ledger.size());
                assertEquals(0, region.count("outbox"));
            }
            assertTrue(failures > 2 && failures < MOST_STEPS, "steps were met and passed: " + failures);
        }
    }

    @Test
    void aReleaseSurvivesADatabaseThatIsAwayAtAnyStep() {
        var r = region.letter();
        var grant = r.granted();
        assertExactlyOnce(() -> {
            var signed = region.sign(r.opening(r.colleague.id(), Optional.of(grant.id())), r.colleague);
            return () -> region.keys.release(r.colleague.id(), signed);
        });
    }

    @Test
    void aGrantSurvivesADatabaseThatIsAwayAtAnyStep() {
        var r = region.letter();
        assertExactlyOnce(() -> {
            var slot = region.slot();
            var signed = region.sign(r.grantTo(region.doctor(), slot), r.doctor);
            return () -> region.keys.grant(r.doctor.id(), signed, slot);
        });
    }

    @Test
    void aRevocationSurvivesADatabaseThatIsAwayAtAnyStep() {
        assertExactlyOnce(() -> {
            var r = region.letter();
            var signed = region.sign(r.ending(r.patient.id(), r.granted()), r.patient);
            return () -> region.keys.say(r.patient.id(), signed);
        });
    }

    @Test
    void aLetterSurvivesADatabaseThatIsAwayAtAnyStep() {
        var known = region.letter();
        assertExactlyOnce(() -> {
            var next = region
            .new Referral(
                    known.doctor,
                    known.colleague,
                    known.patient,
                    Digest.of(Bytes.utf8(region.nonce()).toArray()));
            var signed = region.sign(next.sealed, next.doctor);
            return () -> region.keys.file(next.doctor.id(), signed, next.slots);
        });
    }

    @Test
    void withTheLedgerAwayNothingIsReleasedAndARetryCompletes() {
        for (var mood : new ListLedger.Mood[] {ListLedger.Mood.AWAY, ListLedger.Mood.ANSWER_LOST}) {
            var r = region.letter();
            var grant = r.granted();
            var opening = r.opening(r.colleague.id(), Optional.of(grant.id()));
            var signed = region.sign(opening, r.colleague);
            region.ledger.mood = mood;
            var refusal = assertThrows(Refusal.class, () -> region.keys.release(r.colleague.id(), signed));
            assertEquals("ledger-unavailable", refusal.code());
            assertEquals(0, region.keys.settle());
            region.ledger.mood = ListLedger.Mood.WELL;
            int entries = region.ledger.size();
            assertEquals(
                    r.colleaguesSlot,
                    region.keys.release(r.colleague.id(), signed).slot());
            assertEquals(entries + (mood == ListLedger.Mood.AWAY ? 1 : 0), region.ledger.size());
            assertEquals(3, region.keys.aboutLetter(r.patient.id(), r.letter).size());
        }
    }

    @Test
    void settlingFinishesWhatNobodyTriesAgain() {
        var r = region.letter();
        var grant = r.granted();
        var signed = region.sign(r.ending(r.patient.id(), grant), r.patient);
        region.ledger.mood = ListLedger.Mood.AWAY;
        assertThrows(Refusal.class, () -> region.keys.say(r.patient.id(), signed));
        region.ledger.mood = ListLedger.Mood.WELL;
        assertEquals(1, region.keys.settle());
        assertEquals(0, region.keys.settle());
        var refusal = assertThrows(Refusal.class, () -> r.open(grant));
        assertEquals("grant-revoked", refusal.code());
    }

    @Test
    void aGrantThatIsNotYetInTheLedgerOpensNothing() {
        var r = region.letter();
        var grant = r.grantTo(r.colleague, r.colleaguesSlot);
        var signed = region.sign(grant, r.doctor);
        region.ledger.mood = ListLedger.Mood.AWAY;
        assertThrows(Refusal.class, () -> region.keys.grant(r.doctor.id(), signed, r.colleaguesSlot));
        region.ledger.mood = ListLedger.Mood.WELL;
        var refusal = assertThrows(Refusal.class, () -> r.open(grant));
        assertEquals("letter-unknown", refusal.code());
        region.keys.grant(r.doctor.id(), signed, r.colleaguesSlot);
        assertEquals(r.colleaguesSlot, r.open(grant).slot());
    }
}
