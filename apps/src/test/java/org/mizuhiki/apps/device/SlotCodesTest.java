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
import org.mizuhiki.chip.EKey;
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

    /// As the folder would be found if the process ended now: nothing is closed.
    private DeviceChip killedNow() throws Exception {
        var copy = Files.createTempDirectory(folder, "found");
        try (var files = Files.newDirectoryStream(chip)) {
            for (var file : files) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return DeviceChip.open(copy, DIE);
    }

    private void signsWhenKilledNow() throws Exception {
        try (var found = killedNow()) {
            found.slot(1).sign(Bytes.utf8("with the code that is there"));
        }
    }

    @Test
    void killedAfterAnyStepOfAnOrderTheChipIsThereWithItsCodes() throws Exception {
        var codes = new SlotCodes(chip, DIE);
        try (var opened = open()) {
            var unblock = next(opened, ChipOrder.unblock(1, VPN));
            try (var code = codes.fresh(unblock)) {
                signsWhenKilledNow();
                var receipt = opened.key().carryOut(unblock, java.util.Optional.of(code));
                signsWhenKilledNow();
                codes.settle(receipt);
                signsWhenKilledNow();
            }
            opened.key().carryOut(next(opened, ChipOrder.remove(1, VPN)), java.util.Optional.empty());
            try (var found = killedNow()) {
                assertEquals(
                        EKey.SlotState.FREE, found.key().view().slots().get(1).state());
                assertEquals(opened.receipt().record(), found.receipt().record());
                assertEquals(
                        "chip-slot-free",
                        assertThrows(Refusal.class, () -> found.slot(1)).code());
            }
        }
    }

    @Test
    void aServiceThatGoesTakesItsCodeAlong() {
        try (var opened = open()) {
            opened.order(ChipOrder.remove(1, VPN), opened.manager());
            assertFalse(Files.exists(chip.resolve("slot-1.code")));
        }
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
