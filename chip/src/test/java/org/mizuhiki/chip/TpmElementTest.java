package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// A TPM keeps the contract, shown with swtpm.
@Tag("N7")
class TpmElementTest extends SecureElementContract {
    private static final int TRIES = 6;

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Swtpm chip;

    @BeforeEach
    void powerOn() throws Exception {
        chip = new Swtpm(folder);
    }

    @AfterEach
    void powerOff() {
        chip.close();
    }

    private TpmElement opened() {
        return TpmElement.open(chip.socket(), Secret.taking());
    }

    @Override
    TpmElement element() {
        var element = opened();
        element.limitWrongCodes(TRIES, Duration.ofSeconds(2), Secret.taking());
        for (int i = 0; i <= 2; i++) {
            element.install(i, Factory.code(i));
        }
        return element;
    }

    private static String refused(Runnable attempt) {
        return assertThrows(Refusal.class, attempt::run).code();
    }

    @Test
    void keyAndCertificateOutliveThePower() throws Exception {
        var certificates = List.<X509Certificate>of();
        try (var element = element()) {
            var slot = element.slot(1, Factory.code(1));
            certificates = List.of(Factory.certificate(slot.generate()), Factory.authority());
            slot.store(certificates);
        }
        chip.cutPower();
        try (var element = opened()) {
            var slot = element.slot(1, Factory.code(1));
            assertEquals(certificates, slot.chain());
            var key = certificates.getFirst().getPublicKey();
            assertEquals(Optional.of(key), slot.publicKey());
            assertTrue(Crypto.verifies(key, Bytes.utf8("x"), slot.sign(Bytes.utf8("x"))));
        }
    }

    /// Each loss of power after a use counts as a wrong code, so there are enough of them.
    @Test
    void powerLostWhileACertificateIsStoredLeavesNoHalfOfOne() throws Exception {
        try (var element = element()) {
            element.limitWrongCodes(50, Duration.ofSeconds(2), Secret.taking());
            element.slot(1, Factory.code(1)).generate();
        }
        for (int i = 0; i < 6; i++) {
            try (var element = opened()) {
                var slot = element.slot(1, Factory.code(1));
                var key = slot.publicKey().orElseThrow();
                var one = List.of(Factory.certificate(key));
                var other = List.of(Factory.certificate(key), Factory.authority());
                var storing = CompletableFuture.runAsync(() -> storeUntilThePowerGoes(slot, one, other));
                Thread.sleep(20 + Cards.DIE.nextInt(60));
                chip.cutPower();
                storing.join();
                try (var revived = opened()) {
                    var again = revived.slot(1, Factory.code(1));
                    assertTrue(List.of(List.of(), one, other).contains(again.chain()));
                    assertEquals(Optional.of(key), again.publicKey());
                    again.store(other);
                    assertEquals(other, again.chain());
                }
            }
        }
    }

    private static void storeUntilThePowerGoes(KeySlot slot, List<X509Certificate> one, List<X509Certificate> other) {
        assertEquals("tpm-unreachable", refused(() -> {
            while (true) {
                slot.store(one);
                slot.store(other);
            }
        }));
    }

    @Test
    void wrongCodesLockTheWholeElementForAWhile() throws Exception {
        try (var element = element()) {
            element.slot(1, Factory.code(1)).generate();
            var key = element.slot(2, Factory.code(2)).generate();
            var wrong = element.slot(1, Factory.code(3));
            for (int i = 0; i < TRIES; i++) {
                assertEquals("chip-code-wrong", refused(() -> wrong.sign(Bytes.utf8("x"))), "try " + i);
            }
            assertEquals("chip-code-blocked", refused(() -> wrong.sign(Bytes.utf8("x"))));
            var other = element.slot(2, Factory.code(2));
            assertEquals("chip-code-blocked", refused(() -> other.sign(Bytes.utf8("x"))));
            Thread.sleep(Duration.ofMillis(2500));
            assertTrue(Crypto.verifies(key, Bytes.utf8("x"), other.sign(Bytes.utf8("x"))));
        }
    }

    @Test
    void theOwnerTakesASlotAwayAndNeverUsesIt() {
        try (var element = element()) {
            element.slot(1, Factory.code(1)).generate();
            assertEquals("chip-slot-taken", refused(() -> element.install(1, Factory.code(3))));
            element.remove(1);
            var gone = element.slot(1, Factory.code(1));
            assertEquals("chip-slot-unknown", refused(gone::publicKey));
            element.install(1, Factory.code(3));
            assertEquals(Optional.empty(), element.slot(1, Factory.code(3)).publicKey());
            assertEquals("chip-code-wrong", refused(gone::publicKey));
        }
        try (var stranger = TpmElement.open(chip.socket(), Factory.code(3))) {
            assertEquals("chip-not-permitted", refused(() -> stranger.remove(1)));
            assertEquals("chip-not-permitted", refused(() -> stranger.install(3, Factory.code(3))));
        }
    }

    @Test
    void whatIsNoTpmIsRefused() {
        assertEquals("tpm-unreachable", refused(() -> TpmElement.open(folder.resolve("none"), Secret.taking())));
    }
}
