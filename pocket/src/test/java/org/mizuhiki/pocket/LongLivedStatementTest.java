package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.ledger.SignedCheckpoint;

/// Persons sign with P-256 only. What keeps their statements when that curve is broken is the ledger: the
/// statement's digest stands under checkpoints that ML-DSA-65 signs too.
@ExtendWith(World.Given.class)
@Tag("B1")
class LongLivedStatementTest {
    /// An ML-DSA-65 signature has 3309 bytes, any other line far fewer.
    private static final int LONG_LINE = 4000;

    private static Entry entry(Statement statement) {
        return new Entry(statement.kind(), statement.id());
    }

    private static Revocation said(World.Player by, String what, Instant at) {
        return new Revocation(by.id(), Bytes.utf8(what).sha256(), "withdrawn", at, "0".repeat(32));
    }

    @Test
    void whoBreaksThePersonsKeyStillPutsNothingIntoThePast(World world) {
        var doctor = world.doctorA();
        var then = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        var real = said(doctor, "what was said", then);
        world.region.statements().check(sign(world, doctor, real));
        world.ledger.append(entry(real));
        var evidence = world.ledger.evidence(entry(real).leaf());
        var keys = world.region.trust().log();
        world.region.evidenceCheck().check(evidence, keys);

        // a forger who computed the doctor's key, and the stamp authority's, signs as of that day
        var forged = said(doctor, "what was never said", then);
        world.region.statements().check(sign(world, doctor, forged));
        // no checkpoint of that day covers it
        Refused.with("entry-unknown", () -> world.ledger.evidence(entry(forged).leaf()));
        var moved = new Evidence(entry(forged), evidence.index(), evidence.path(), evidence.checkpoint());
        Refused.with("evidence-broken", () -> world.region.evidenceCheck().check(moved, keys));
    }

    @Test
    void aCheckpointWithoutItsMlDsaSignatureProvesNothing(World world) {
        var evidence = world.region.directory().find(world.patient().id()).evidence();
        var note = evidence.checkpoint().note();
        assertEquals(1, note.lines().filter(l -> l.length() > LONG_LINE).count());
        var classical = note.lines().filter(l -> l.length() < LONG_LINE).collect(Collectors.joining("\n", "", "\n"));
        assertTrue(classical.contains("— "));
        var bent = new Evidence(
                evidence.entry(),
                evidence.index(),
                evidence.path(),
                new SignedCheckpoint(classical, evidence.checkpoint().stamp()));
        Refused.with(
                "checkpoint-forged",
                () -> world.region
                        .evidenceCheck()
                        .check(bent, world.region.trust().log()));
    }

    private static Bytes sign(World world, World.Player by, Statement statement) {
        return world.region.statements().sign(statement, by.device().author(), world.region.stamps());
    }
}
