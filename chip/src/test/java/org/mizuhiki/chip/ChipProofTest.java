package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.Factory.MANAGER;
import static org.mizuhiki.chip.Factory.MANUFACTURER;
import static org.mizuhiki.chip.Factory.code;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// A chip proves to somebody far away whose it is and which keys lie in it.
@Tag("N7")
class ChipProofTest {
    private static final Bytes NONCE = Bytes.of(Arrays.copyOf(new byte[] {1, 2, 3}, 32));

    private static boolean holds(ChipProof proof, PublicKey key, PublicKey device) {
        return proof.nonce().equals(NONCE)
                && proof.isFrom(MANUFACTURER.getPublic())
                && proof.holds(key)
                && proof.isOfDevice(device);
    }

    @Test
    void aKeyOfAServiceIsProvenBesideTheDevices() {
        var chip = Factory.equipped(Factory.blank());
        var device = chip.slot(0, code(0)).generate();
        var vpn = chip.slot(1, code(1)).generate();
        var other = chip.slot(2, code(2)).generate();
        var proof =
                ChipProof.read(chip.slot(1, code(1)).prove(NONCE).orElseThrow().encode());
        assertTrue(holds(proof, vpn, device));
        assertFalse(proof.holds(other));
        assertFalse(proof.holds(device), "another slot's");
        assertFalse(proof.isOfDevice(vpn));
        assertFalse(proof.isFrom(MANAGER.getPublic()));
        assertEquals(1, proof.slot());
        assertEquals(Factory.SERVICE_A, proof.service());
        assertEquals(chip.view().chip(), proof.chip());
        assertEquals(MANAGER.getPublic(), EKeyForms.manager(proof.information()));
        var stranger = Factory.equipped(Factory.blank());
        assertFalse(proof.holds(stranger.slot(1, code(1)).generate()));
    }

    @Test
    void noBitOfAProofCanBeChanged() {
        var chip = Factory.equipped(Factory.blank());
        var device = chip.slot(0, code(0)).generate();
        var key = chip.slot(1, code(1)).generate();
        var whole = chip.slot(1, code(1)).prove(NONCE).orElseThrow().encode();
        assertTrue(holds(ChipProof.read(whole), key, device));
        for (int i = 0; i < whole.size() * 8; i++) {
            var bent = whole.toArray();
            bent[i / 8] ^= (byte) (1 << (i % 8));
            assertFalse(isProof(Bytes.of(bent), proof -> holds(proof, key, device)), "bit " + i);
        }
    }

    @Test
    void theSlotOfAServiceVouchesForAKeyBesideTheChip() {
        var chip = Factory.equipped(Factory.blank());
        var device = chip.slot(0, code(0)).generate();
        var token = Factory.equipped(Factory.blank()).slot(1, code(1));
        var tunnel = token.generate();
        var vouched = new VouchedSlot(token, chip.slot(1, code(1)));
        var proof = ChipProof.read(vouched.prove(NONCE).orElseThrow().encode());
        assertTrue(proof.vouchesFor(tunnel));
        assertTrue(proof.isFrom(MANUFACTURER.getPublic()) && proof.isOfDevice(device));
        assertFalse(proof.holds(tunnel), "it lies elsewhere");
        assertFalse(proof.vouchesFor(device));
        assertFalse(proof.vouchesFor(proof.voucher().orElseThrow().slotKey()), "it does not speak for itself");
        // another service's slot has a voice of its own
        var theirs = new VouchedSlot(token, chip.slot(2, code(2))).prove(NONCE).orElseThrow();
        var mixed = proof.with(theirs.voucher().orElseThrow());
        assertFalse(mixed.vouchesFor(tunnel));
        // nor is it good for another question
        var later = chip.slot(1, code(1))
                .prove(Bytes.of(new byte[32]))
                .orElseThrow()
                .with(proof.voucher().orElseThrow());
        assertFalse(later.vouchesFor(tunnel));
    }

    @Test
    void noBitOfAVoucherCanBeChanged() {
        var chip = Factory.equipped(Factory.blank());
        var device = chip.slot(0, code(0)).generate();
        var token = Factory.equipped(Factory.blank()).slot(1, code(1));
        var tunnel = token.generate();
        var whole = new VouchedSlot(token, chip.slot(1, code(1)))
                .prove(NONCE)
                .orElseThrow()
                .encode();
        assertTrue(vouches(ChipProof.read(whole), tunnel, device));
        for (int i = 0; i < whole.size() * 8; i++) {
            var bent = whole.toArray();
            bent[i / 8] ^= (byte) (1 << (i % 8));
            assertFalse(isProof(Bytes.of(bent), proof -> vouches(proof, tunnel, device)), "bit " + i);
        }
    }

    private static boolean vouches(ChipProof proof, PublicKey key, PublicKey device) {
        return proof.nonce().equals(NONCE)
                && proof.isFrom(MANUFACTURER.getPublic())
                && proof.vouchesFor(key)
                && proof.isOfDevice(device);
    }

    private static boolean isProof(Bytes encoded, Predicate<ChipProof> holds) {
        try {
            return holds.test(ChipProof.read(encoded));
        } catch (Refusal e) {
            assertEquals("chip-proof-malformed", e.code());
            return false;
        }
    }

    @FuzzTest
    void anyProofIsReadOrRefused(byte[] encoded) {
        try {
            assertEquals(Bytes.of(encoded), ChipProof.read(Bytes.of(encoded)).encode());
        } catch (Refusal expected) {
            assertTrue(List.of("chip-proof-malformed").contains(expected.code()));
        }
    }
}
