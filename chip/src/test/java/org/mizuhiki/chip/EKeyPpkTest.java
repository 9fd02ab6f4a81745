package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mizuhiki.chip.Factory.code;
import static org.mizuhiki.chip.Factory.signer;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// The PPK of a service (RFC 8784): sealed by the centre to the slot, opened inside the chip, for whoever
/// opened the slot.
@Tag("N7")
@Tag("D16")
class EKeyPpkTest {
    private final EKey key = Factory.equipped(Factory.blank());
    private final Digest chip = key.view().chip();

    private EKeySlot slot(int number) {
        var slot = key.slot(number, code(number));
        slot.generate();
        return slot;
    }

    private static Secret ppk() {
        var ppk = new byte[32];
        Arrays.fill(ppk, (byte) 0x5a);
        return Secret.taking(ppk);
    }

    private Bytes sealed(Digest chip, int slot) {
        return EKeyForms.sealed(chip, slot(slot).agreementKey().orElseThrow(), ppk(), Cards.DIE);
    }

    private void deliver(int slot, int version, Bytes sealed) {
        var service = slot == 1 ? Factory.SERVICE_A : Factory.SERVICE_B;
        var provider = slot == 1 ? Factory.PROVIDER_A : Factory.PROVIDER_B;
        var form = EKeyForms.content(chip, service, EKey.Content.SEALED_PPK, version, sealed);
        key.deliver(
                slot,
                code(slot),
                EKey.Content.SEALED_PPK,
                version,
                sealed,
                signer(provider).apply(form));
    }

    private static String refused(Runnable attempt) {
        return assertThrows(Refusal.class, attempt::run).code();
    }

    @Test
    void isHadByWhoeverOpenedTheSlot() {
        assertEquals("chip-state", refused(() -> key.ppk(1, code(1))), "nothing was delivered");
        deliver(1, 1, sealed(chip, 1));
        assertEquals(ppk(), key.ppk(1, code(1)));
        assertEquals("chip-code-wrong", refused(() -> key.ppk(1, code(2))));
        assertEquals("chip-state", refused(() -> key.ppk(2, code(2))), "the other service has none");
    }

    @Test
    void whatWasSealedForAnotherSlotOrAnotherChipOpensNowhereElse() {
        var forA = sealed(chip, 1);
        slot(2);
        deliver(2, 1, forA);
        assertEquals("chip-refused", refused(() -> key.ppk(2, code(2))));
        deliver(1, 1, sealed(Bytes.utf8("another chip").sha256(), 1));
        assertEquals("chip-refused", refused(() -> key.ppk(1, code(1))));
    }

    @Test
    void everyFlippedBitIsRefused() {
        var good = sealed(chip, 1).toArray();
        int version = 0;
        for (int bit = 0; bit < good.length * 8; bit++) {
            var bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            deliver(1, ++version, Bytes.of(bad));
            assertEquals("chip-refused", refused(() -> key.ppk(1, code(1))), "bit " + bit);
        }
        deliver(1, ++version, Bytes.of(good));
        assertEquals(ppk(), key.ppk(1, code(1)));
    }
}
