package org.mizuhiki.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mizuhiki.keys.PostgresKeyServerTest.assertRefused;
import static org.mizuhiki.keys.PostgresKeyServerTest.kinds;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.consent.Statement;

/// Grants that are passed on, and the patient's veto.
@Tag("V7")
@Tag("F15")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrantsInChainsTest {
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

    @Test
    void aReaderPassesALetterOnOnlyAsFarAsTheGrantAllows() {
        var r = region.letter();
        var third = region.doctor();
        var slot = region.slot();
        var last = r.grantTo(r.colleague, r.colleaguesSlot);
        region.keys.grant(r.doctor.id(), region.sign(last, r.doctor), r.colleaguesSlot);
        var refused = r.onward(r.colleague, third, last, slot);
        assertRefused(
                "grantor-not-entitled",
                () -> region.keys.grant(r.colleague.id(), region.sign(refused, r.colleague), slot));
        var mayGoOn = r.mayGoOn(r.colleague, r.colleaguesSlot);
        region.keys.grant(r.doctor.id(), region.sign(mayGoOn, r.doctor), r.colleaguesSlot);
        var onward = r.onward(r.colleague, third, mayGoOn, slot);
        region.keys.grant(r.colleague.id(), region.sign(onward, r.colleague), slot);
        var opening = r.opening(third.id(), Optional.of(onward.id()));
        var release = region.keys.release(third.id(), region.sign(opening, third));
        assertEquals(slot, release.slot());
        assertEquals(
                List.of("letter-sealed", "lateral-grant", "lateral-grant", "care-relation", "care-relation"),
                kinds(release.about()));
        long before = region.count("slots");
        r.end(r.patient, mayGoOn);
        assertEquals(before - 2, region.count("slots"), "with the first grant falls what was given under it");
        assertRefused("grant-revoked", () -> region.keys.release(third.id(), region.sign(opening, third)));
    }

    @Test
    void whomThePatientBarsReadsNothingByAnybodysGrantUntilGrantedAnew() {
        var r = region.letter();
        var grant = r.granted();
        long before = region.count("slots");
        var at = region.clock.instant();
        var veto = new Statement.Veto(r.patient.id(), r.colleague.id(), at, region.nonce());
        region.keys.say(r.patient.id(), region.sign(veto, r.patient));
        assertEquals(before - 1, region.count("slots"));
        assertRefused("reader-barred", () -> r.open(grant));
        var slot = region.slot();
        var anew = r.grantTo(r.colleague, slot);
        assertRefused("reader-barred", () -> region.keys.grant(r.doctor.id(), region.sign(anew, r.doctor), slot));
        region.clock.forward(Duration.ofSeconds(1));
        var byDoctor = new Statement.VetoLifted(r.doctor.id(), veto.id(), region.clock.instant(), region.nonce());
        assertRefused("statement-unknown", () -> region.keys.say(r.doctor.id(), region.sign(byDoctor, r.doctor)));
        var lifted = new Statement.VetoLifted(r.patient.id(), veto.id(), region.clock.instant(), region.nonce());
        region.keys.say(r.patient.id(), region.sign(lifted, r.patient));
        assertRefused("reader-barred", () -> r.open(grant));
        region.clock.forward(Duration.ofSeconds(1));
        var after = r.grantTo(r.colleague, slot);
        region.keys.grant(r.doctor.id(), region.sign(after, r.doctor), slot);
        assertEquals(slot, r.open(after).slot());
        assertEquals(
                List.of("letter-sealed", "lateral-grant", "care-relation", "care-relation", "veto", "veto-lifted"),
                kinds(r.open(after).about()));
    }
}
