package org.mizuhiki.apps.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;

/// An authority does not get two orders under one number signed, nor one for another chip.
@Tag("N7")
class SignedNumbersTest {
    private static final Member.Device ROUTER = new Member.Device("acme", "R-9", "0001");
    private static final Member.Device OTHER = new Member.Device("acme", "R-9", "0002");
    private static final Digest CHIP = Bytes.utf8("chip").sha256();
    private static final Digest TWIN = Bytes.utf8("twin").sha256();

    @TempDir
    Path folder;

    private void sign(Member.Device device, Digest chip, int number, boolean instead) {
        new SignedNumbers(folder).add(device, chip, number, instead);
    }

    private void refused(String code, Member.Device device, Digest chip, int number, boolean instead) {
        assertEquals(
                code,
                assertThrows(Refusal.class, () -> sign(device, chip, number, instead))
                        .code());
    }

    @Test
    void aNumberIsSignedOnceUnlessItsManagerWantsItAgain() {
        sign(ROUTER, CHIP, 4, false);
        sign(ROUTER, CHIP, 7, false); // some were ordered at the device
        refused("order-number-signed", ROUTER, CHIP, 7, false);
        refused("order-number-signed", ROUTER, CHIP, 5, false);
        sign(ROUTER, CHIP, 5, true);
        refused("order-number-signed", ROUTER, CHIP, 7, false);
        sign(ROUTER, CHIP, 8, false);
        sign(OTHER, TWIN, 1, false);
    }

    @Test
    void aDevicesOtherChipIsNotOrderedOf() throws Exception {
        sign(ROUTER, CHIP, 4, false);
        refused("chip-changed", ROUTER, TWIN, 5, false);
        refused("chip-changed", ROUTER, TWIN, 4, true);
        Files.delete(folder.resolve("acme%2FR-9%2F0001.ordered")); // it was exchanged
        sign(ROUTER, TWIN, 3, false);
    }

    @Test
    void aDamagedFileIsNotTakenForNone() throws Exception {
        Files.writeString(folder.resolve("acme%2FR-9%2F0001.ordered"), CHIP + " 99999999999\n");
        refused("key-file-unreadable", ROUTER, CHIP, 4, false);
    }
}
