package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.Digest;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.Registrar;
import org.mizuhiki.trust.Revocation;

/// Whole letters by signers whose certificates have expired or were revoked: refused where they are sent,
/// and by the reader if a device sent them all the same. What counts is the time in the stamp.
@ExtendWith(World.Given.class)
@Tag("V2")
class SignerStandingTest {
    private static final Duration AFTER_EXPIRY = Duration.ofDays(400);

    @Test
    void anExpiredSignerSendsNothing(World world) {
        var doctor = related(world);
        var late = new MovableClock();
        late.shift(AFTER_EXPIRY);
        var region = Regions.stamps(world.region, stampsAt(world, late));
        var pocket = new Pocket(doctor.device(), region, late, world.die);
        var draft = Letters.draft(pocket, Letters.plain(world.patient().id()));
        var refusal = Refused.with("certificate-expired", () -> pocket.post().send(draft));
        assertTrue(refusal.japanese().contains("期限"), refusal.japanese());
        assertTrue(pocket.errands().waiting().isEmpty());
    }

    @Test
    void aLetterStampedAfterItsSignerExpiredIsNotShown(World world) {
        var letter = sentWithLetterStampedLater(world, related(world), AFTER_EXPIRY);
        Refused.with(
                "certificate-expired", () -> world.patient().pocket().reading().open(letter, "own"));
    }

    @Test
    void aLetterStampedAfterItsSignerWasRevokedIsNotShown(World world) {
        var doctor = related(world);
        var letter = sentWithLetterStampedLater(world, doctor, Duration.ofHours(1));
        revoke(world, doctor);
        Refused.with(
                "certificate-revoked", () -> world.patient().pocket().reading().open(letter, "own"));
    }

    /// Else every change of job would close a doctor's letters.
    @Test
    void aLetterStampedBeforeItsSignerWasRevokedStaysReadable(World world) throws Exception {
        var doctor = related(world);
        var pocket = doctor.pocket();
        var sent = pocket.post()
                .send(Letters.draft(pocket, Letters.plain(world.patient().id())));
        Thread.sleep(Duration.ofMillis(1100)); // stamps and revocations tell whole seconds
        revoke(world, doctor);
        var read = world.patient().pocket().reading().open(sent.letter(), "own");
        assertEquals(doctor.member(), read.author());
    }

    /// Its reader's certificate ended before the stamp: the disclosure counts for nothing, and is named;
    /// the letter is its owner's all the same.
    @Test
    void aDisclosureThatDoesNotHoldKeepsNobodyFromTheLetter(World world) {
        var doctor = related(world);
        var reader = world.somebody(world.newDoctor());
        var letter = doctor.pocket()
                .post()
                .send(Letters.draft(
                        doctor.pocket(), Letters.plain(world.patient().id())))
                .letter();
        doctor.pocket().grants().give(letter, reader.id(), Duration.ofDays(1), "referral");
        var clock = new MovableClock();
        clock.shift(Duration.ofMinutes(2));
        var ahead = Regions.stamps(world.region, stampsAt(world, clock));
        world.pocket(reader, ahead).reading().open(letter, "treatment");
        revoke(world, reader);
        var fresh = world.pocket(world.patient(), world.region);
        var read = fresh.reading().open(letter, "own");
        assertEquals(1, read.leftOut().size());
        assertEquals("certificate-revoked", read.leftOut().getFirst().doubt().code());
        assertEquals(1, fresh.trail().broken(letter).size());
        assertTrue(fresh.trail().openings(letter).stream()
                .noneMatch(o -> o.statement().by().equals(reader.id())));
    }

    private static World.Player related(World world) {
        var doctor = world.somebody(world.newDoctor());
        world.relate(doctor, world.patient());
        return doctor;
    }

    private static void revoke(World world, World.Player doctor) {
        world.authority
                .revocation(new Registrar.Operator())
                .revoke(doctor.member(), Revocation.Reason.PRIVILEGE_WITHDRAWN);
        world.revocations.refresh();
    }

    private static StampAuthority stampsAt(World world, MovableClock clock) {
        return Accreditation.open(world.folder.resolve("accreditation"), world.die)
                .stamps(clock, world.die);
    }

    /// A device that does not play by the rules: its statement is honest, the letter's own signature is
    /// stamped `later`.
    private static Digest sentWithLetterStampedLater(World world, World.Player doctor, Duration later) {
        var clock = new MovableClock();
        clock.shift(later);
        var shifted = stampsAt(world, clock);
        var first = new AtomicBoolean(true);
        StampAuthority odd = imprint -> (first.getAndSet(false) ? shifted : world.stamps).stamp(imprint);
        var pocket = world.pocket(doctor, Regions.stamps(world.region, odd));
        var letter = pocket.post()
                .send(Letters.draft(pocket, Letters.plain(world.patient().id())));
        return letter.letter();
    }
}
