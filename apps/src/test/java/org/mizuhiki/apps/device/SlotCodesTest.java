package org.mizuhiki.apps.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.chip.ChipOrder;
import org.mizuhiki.chip.ChipSigner;
import org.mizuhiki.chip.EKeyForms;
import org.mizuhiki.chip.SignedOrder;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;

/// A device's chip in a folder: the code that the chip wants is on disk, wherever its process is killed.
@Tag("N7")
class SlotCodesTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final Bytes VPN = EKeyForms.serviceName("vpn");

    @TempDir
    Path folder;

    private Path chip;
    private ChipSigner provider;

    @BeforeEach
    void aChipWithAService() {
        chip = folder.resolve("router");
        var pair = KeyFiles.newKeyPair(DIE);
        provider = ChipSigner.of(pair.getPublic(), pair.getPrivate(), DIE);
        try (var made = DeviceChip.make(chip, "acme/R-9/0001", 2, DIE)) {
            made.install("vpn", provider.key(), made.manager());
            made.slot(1).generate();
        }
    }

    private DeviceChip open() {
        return DeviceChip.open(chip, DIE);
    }

    private static SignedOrder next(DeviceChip chip, ChipOrder order) {
        return SignedOrder.of(chip.name(), chip.receipt().number() + 1, order, chip.manager());
    }

    private void nothingIsUnderWay() throws Exception {
        try (var files = Files.newDirectoryStream(chip, "slot-*.code.*")) {
            assertFalse(files.iterator().hasNext());
        }
    }

    @Test
    void killedBeforeTheChipHeardOfItTheOldCodeStays() throws Exception {
        try (var opened = open()) {
            new SlotCodes(chip, DIE)
                    .fresh(next(opened, ChipOrder.unblock(1, VPN)))
                    .close();
        }
        try (var opened = open()) {
            opened.slot(1).sign(Bytes.utf8("with the old code"));
        }
        nothingIsUnderWay();
    }

    @Test
    void killedAfterTheChipHeardOfItTheNewCodeIsTaken() throws Exception {
        try (var opened = open()) {
            var order = next(opened, ChipOrder.unblock(1, VPN));
            try (var code = new SlotCodes(chip, DIE).fresh(order)) {
                opened.key().carryOut(order, java.util.Optional.of(code));
            }
        }
        try (var opened = open()) {
            opened.slot(1).sign(Bytes.utf8("with the new code"));
        }
        nothingIsUnderWay();
    }

    @Test
    void anImpossibleOrderCostsNoSlotItsCode() throws Exception {
        try (var opened = open()) {
            var taken = ChipOrder.install(1, provider.key(), EKeyForms.serviceName("mail"));
            assertEquals(
                    "chip-state",
                    assertThrows(Refusal.class, () -> opened.order(taken, opened.manager()))
                            .code());
            opened.slot(1).sign(Bytes.utf8("as before"));
            var twice = assertThrows(Refusal.class, () -> opened.install("vpn", provider.key(), opened.manager()));
            assertEquals("chip-service-exists", twice.code());
        }
        nothingIsUnderWay();
    }

    @Test
    void aManagerElsewhereLeavesNoKeyInTheFolder() {
        var own = DeviceChip.manager(folder.resolve("manager")).made(DIE);
        var other = folder.resolve("other");
        var factory = new org.mizuhiki.chip.EKeyFactory(own, own);
        try (var made = DeviceChip.make(other, "acme/R-9/0002", 1, factory, DIE)) {
            assertEquals(
                    "signer-key-missing",
                    assertThrows(Refusal.class, made::manager).code());
            assertEquals(1, made.install("vpn", provider.key(), own));
        }
        assertFalse(Files.exists(other.resolve("manager.key")));
    }
}
