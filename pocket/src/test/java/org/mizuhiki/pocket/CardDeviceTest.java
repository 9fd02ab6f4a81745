package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.chip.ChipSigner;
import org.mizuhiki.chip.EKeyFactory;
import org.mizuhiki.chip.SigningCard;
import org.mizuhiki.chip.SoftCard;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.KeyFiles;

/// A doctor whose signing key was made on a card, and never is anywhere else.
@Tag("F11")
@Tag("V4")
class CardDeviceTest {
    private static final Duration NINE_MONTHS = Duration.ofDays(270);
    private static final Secret CODE = Secret.taking(new byte[16]);

    @TempDir
    Path folder;

    private static SigningCard card(World world) {
        var pair = KeyFiles.newKeyPair(world.die);
        var maker = ChipSigner.of(pair.getPublic(), pair.getPrivate(), world.die);
        var factory = new EKeyFactory(maker, maker);
        var key = factory.make(SoftCard.inMemory(world.die), "a doctor's card", 2, CODE);
        for (int slot = 1; slot <= 2; slot++) {
            factory.install(key, slot, maker, Bytes.utf8("person-" + slot + "--------"), CODE);
        }
        return new SigningCard(key.slot(1, CODE), key.slot(2, CODE));
    }

    private Device enrolled(World world, SigningCard card) {
        return enrolled("device", world, card);
    }

    private Device enrolled(String device, World world, SigningCard card) {
        return Device.create(
                folder.resolve(device),
                world.region,
                world.ticket(world.newDoctor()),
                World.passphrase(),
                world.seals,
                world.clock,
                Optional.of(card),
                _ -> false);
    }

    private Device opened(World world, Optional<SigningCard> card) {
        return Device.open(folder.resolve("device"), World.passphrase(), world.seals, card);
    }

    @Test
    void aLetterIsSignedByTheCardAndTheFileAloneSignsNothing() throws Exception {
        try (var world = new World(new MovableClock())) {
            var card = card(world);
            try (var device = enrolled(world, card)) {
                assertNull(device.author().key().getEncoded());
                assertEquals(
                        card.one().publicKey().orElseThrow(),
                        device.author().certificate().getPublicKey());
                assertEquals(device.author().certificate(), card.one().chain().getFirst());
            }
            assertEquals("card-needed", refused(() -> opened(world, Optional.empty())));
            var other = card(world);
            other.another(Optional.empty());
            assertEquals("card-wrong", refused(() -> opened(world, Optional.of(other))));
            try (var device = opened(world, Optional.of(card))) {
                var doctor = new World.Player(
                        device, new Pocket(device, world.region, world.clock, world.die), world.newDoctor());
                var patient = world.patient();
                world.relate(doctor, patient);
                var letter = doctor.pocket()
                        .post()
                        .send(Letters.draft(doctor.pocket(), Letters.plain(patient.id())))
                        .letter();
                assertEquals(
                        device.id(),
                        patient.pocket().reading().open(letter, "own").author().id());
            }
        }
    }

    @Test
    void anEnrolledCardIsNotEnrolledForAnotherDevice() throws Exception {
        try (var world = new World(new MovableClock())) {
            var card = card(world);
            enrolled(world, card).close();
            assertEquals("card-taken", refused(() -> enrolled("another", world, card)));
            opened(world, Optional.of(card)).close();
        }
    }

    @Test
    void eachRenewalMakesANewKeyOnTheCardAndAFailedOneLeavesTheOldInUse() throws Exception {
        var clock = new MovableClock();
        try (var world = new World(clock)) {
            var card = card(world);
            var device = enrolled(world, card);
            var passed = Duration.ZERO;
            for (int i = 0; i < 3; i++) {
                var before = device;
                passed = passed.plus(NINE_MONTHS);
                clock.shift(passed);
                world.revocations.refresh();
                org.mizuhiki.trust.Renewals away = _ -> {
                    throw Refusal.of("peer-unreachable", "届きません", "not reached");
                };
                assertEquals(
                        "peer-unreachable",
                        refused(() -> before.renewedIfDue(
                                away, world.region.validator(), World.passphrase(), world.seals, clock)));
                try (var still = opened(world, Optional.of(card))) {
                    assertEquals(before.author().chain(), still.author().chain());
                }
                device = world.renewed(before);
                assertNotEquals(
                        before.author().certificate().getPublicKey(),
                        device.author().certificate().getPublicKey());
                var carrying = i % 2 == 0 ? card.other() : card.one();
                assertEquals(device.author().certificate(), carrying.chain().getFirst());
                try (var again = opened(world, Optional.of(card))) {
                    assertEquals(device.author().chain(), again.author().chain());
                }
            }
        }
    }

    private static String refused(org.junit.jupiter.api.function.Executable call) {
        return assertThrows(Refusal.class, call).code();
    }
}
