package org.mizuhiki.apps.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.chip.ChipOrder;
import org.mizuhiki.chip.ChipSigner;
import org.mizuhiki.chip.EKeyForms;
import org.mizuhiki.chip.OrderReceipt;
import org.mizuhiki.chip.SignedOrder;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;

/// What a device's chip said is in its folder until the authority has heard it, wherever its process is killed.
@Tag("N7")
class UntoldReceiptsTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final Bytes VPN = EKeyForms.serviceName("vpn");

    @TempDir
    Path folder;

    private Path chip;

    @BeforeEach
    void aChipWithAServiceOfWhichAllWasTold() {
        chip = folder.resolve("router");
        var pair = KeyFiles.newKeyPair(DIE);
        try (var made = DeviceChip.make(chip, "acme/R-9/0001", 2, DIE)) {
            made.install(
                    "vpn",
                    ChipSigner.of(pair.getPublic(), pair.getPrivate(), DIE).key(),
                    made.manager());
            made.untold().forEach(made::told);
        }
    }

    private DeviceChip open() {
        return DeviceChip.open(chip, DIE);
    }

    private static List<Integer> numbers(DeviceChip chip) {
        return chip.untold().stream().map(OrderReceipt::number).toList();
    }

    @Test
    void theWordAboutAnOrderOutlivesTheNextOrderAtTheDevice() {
        SignedOrder overTheNet;
        try (var opened = open()) {
            var number = opened.receipt().number() + 1;
            overTheNet = SignedOrder.of(opened.name(), number, ChipOrder.suspend(1, VPN), opened.manager());
            // killed between the chip's work and the folder's
            opened.key().carryOut(overTheNet, Optional.empty());
        }
        try (var opened = open()) {
            opened.order(ChipOrder.resume(1, VPN), opened.manager());
            opened.order(ChipOrder.suspend(1, VPN), opened.manager());
        }
        try (var opened = open()) {
            int first = overTheNet.number();
            // the last that was told is told again: that costs nothing
            assertEquals(List.of(first - 1, first, first + 1, first + 2), numbers(opened));
            var kept = opened.untold().stream()
                    .filter(r -> r.isFor(overTheNet))
                    .findFirst()
                    .orElseThrow();
            assertTrue(kept.done() && kept.isBy(opened.key().view().identity()));
            opened.untold().stream().filter(r -> r.number() <= first).forEach(opened::told);
            assertEquals(List.of(first + 1, first + 2), numbers(opened));
        }
    }

    @Test
    void aChipSaysItsLastWordHoweverOftenItWasTold() {
        try (var opened = open()) {
            opened.untold().forEach(opened::told);
            assertEquals(List.of(opened.receipt().number()), numbers(opened));
        }
    }

    @Test
    void aDamagedFileIsSaidToBeSo() throws IOException {
        try (var opened = open()) {
            opened.order(ChipOrder.suspend(1, VPN), opened.manager());
        }
        var file = chip.resolve("receipts");
        var whole = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
        assertEquals(
                "receipts-unreadable", assertThrows(Refusal.class, this::open).code());
    }

    @FuzzTest
    void anyFileIsReadOrRefused(byte[] content) throws IOException {
        var own = Files.createTempDirectory("receipts");
        Files.write(own.resolve("receipts"), content);
        try {
            new UntoldReceipts(own).all();
        } catch (Refusal e) {
            assertEquals("receipts-unreadable", e.code());
        } finally {
            Files.delete(own.resolve("receipts"));
            Files.delete(own);
        }
    }
}
