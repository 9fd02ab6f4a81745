package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.Factory.MANAGER;
import static org.mizuhiki.chip.Factory.PROVIDER_A;
import static org.mizuhiki.chip.Factory.PROVIDER_B;
import static org.mizuhiki.chip.Factory.SERVICE_A;
import static org.mizuhiki.chip.Factory.SERVICE_B;
import static org.mizuhiki.chip.Factory.code;
import static org.mizuhiki.chip.Factory.signer;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Orders that may have come from anywhere: the chip carries out what its manager wants, and of a provider
/// what is about its own service, once each and in turn.
@Tag("N7")
@Tag("D16")
class ChipOrderTest {
    private static final Bytes THIRD = Bytes.utf8("third-service---");

    private EKey key;

    @BeforeEach
    void aChipWithTwoServicesOfTwoProviders() {
        key = Factory.equipped(Factory.blank());
    }

    private SignedOrder signed(int number, ChipOrder order, KeyPair by) {
        return SignedOrder.of(key.view().chip(), number, order, signer(by));
    }

    private SignedOrder next(ChipOrder order, KeyPair by) {
        return signed(key.receipt().number() + 1, order, by);
    }

    private static Optional<org.mizuhiki.house.Secret> codeFor(ChipOrder order) {
        return order.givesCode() ? Optional.of(code(3)) : Optional.empty();
    }

    private OrderReceipt carriedOut(SignedOrder signed) {
        return key.carryOut(signed, codeFor(signed.order()));
    }

    private void refused(String code, SignedOrder signed) {
        var before = key.receipt().record();
        var slots = key.view().slots();
        assertEquals(code, assertThrows(Refusal.class, () -> carriedOut(signed)).code());
        assertEquals(before, key.receipt().record(), "no number was used up");
        assertEquals(slots, key.view().slots());
    }

    @Test
    void onlyTheManagerBringsAServiceOntoTheChip() {
        var install = ChipOrder.install(3, PROVIDER_A.getPublic(), THIRD);
        refused("chip-not-permitted", next(install, PROVIDER_A));
        assertTrue(carriedOut(next(install, MANAGER)).done());
        assertEquals(
                new EKey.Service(THIRD, PROVIDER_A.getPublic()), key.service(3).orElseThrow());
    }

    @Test
    void aProviderOrdersWhatIsItsOwnAndNothingOfAnothers() {
        for (var order : List.of(
                ChipOrder.suspend(2, SERVICE_B), ChipOrder.resume(2, SERVICE_B), ChipOrder.remove(2, SERVICE_B))) {
            refused("chip-not-permitted", next(order, PROVIDER_A));
        }
        refused("chip-not-permitted", next(ChipOrder.unblock(1, SERVICE_A), PROVIDER_A));
        refused("chip-not-permitted", next(ChipOrder.unblock(0, Bytes.of(new byte[16])), PROVIDER_A));
        refused("chip-not-permitted", next(ChipOrder.deviceCode(), PROVIDER_A));
        var kept = key.slot(2, code(2)).generate();
        assertTrue(carriedOut(next(ChipOrder.suspend(1, SERVICE_A), PROVIDER_A)).done());
        assertTrue(key.view().slots().get(1).suspended());
        assertTrue(carriedOut(next(ChipOrder.remove(1, SERVICE_A), PROVIDER_A)).done());
        assertEquals(EKey.SlotState.FREE, key.view().slots().get(1).state());
        assertEquals(kept, key.slot(2, code(2)).publicKey().orElseThrow());
        refused(
                "chip-not-permitted",
                next(ChipOrder.suspend(1, SERVICE_A), PROVIDER_A)); // it has nothing here any more
    }

    @Test
    void anOrderIsCarriedOutOnceAndInTurn() {
        int last = key.receipt().number();
        var suspend = signed(last + 1, ChipOrder.suspend(1, SERVICE_A), MANAGER);
        var resume = signed(last + 2, ChipOrder.resume(1, SERVICE_A), MANAGER);
        refused("chip-order-number", resume);
        carriedOut(suspend);
        refused("chip-order-number", suspend);
        carriedOut(resume);
        refused("chip-order-number", suspend);
        refused("chip-order-number", resume);
        assertFalse(key.view().slots().get(1).suspended());
    }

    @Test
    void anOrderIsForOneChip() {
        var other = Factory.equipped(Factory.blank());
        var order = next(ChipOrder.remove(1, SERVICE_A), MANAGER);
        var moved = new SignedOrder(other.view().chip(), order.number(), order.order(), order.signature());
        assertEquals(
                "chip-not-permitted",
                assertThrows(Refusal.class, () -> other.carryOut(moved, Optional.empty()))
                        .code());
    }

    @Test
    void anOrderThatCannotBeCarriedOutIsDoneWithAndTheReceiptSaysSo() {
        var identity = key.view().identity();
        for (var order : List.of(
                ChipOrder.install(2, PROVIDER_A.getPublic(), THIRD), // taken
                ChipOrder.install(3, PROVIDER_A.getPublic(), SERVICE_A), // there already
                ChipOrder.remove(3, THIRD), // nothing there
                ChipOrder.install(9, PROVIDER_A.getPublic(), THIRD), // three slots there are
                ChipOrder.suspend(9, SERVICE_A),
                ChipOrder.remove(0x7f, SERVICE_A),
                ChipOrder.unblock(4, SERVICE_A),
                ChipOrder.suspend(1, SERVICE_B))) { // another service
            var signed = next(order, MANAGER);
            var slots = key.view().slots();
            var receipt = carriedOut(signed);
            assertFalse(receipt.done());
            assertThrows(Refusal.class, receipt::mustBeDone);
            assertTrue(receipt.isFor(signed) && receipt.isBy(identity));
            assertEquals(slots, key.view().slots());
            assertEquals(signed.number(), key.receipt().number());
        }
        var again = ChipOrder.install(3, PROVIDER_B.getPublic(), SERVICE_B);
        assertEquals(
                "chip-service-exists",
                assertThrows(Refusal.class, () -> key.order(again, codeFor(again), signer(MANAGER)))
                        .code());
    }

    @Test
    void onlyTheManagerSaysThatASlotIsNotThere() {
        refused("chip-not-permitted", next(ChipOrder.remove(9, SERVICE_A), PROVIDER_A));
        refused("chip-not-permitted", next(ChipOrder.install(9, PROVIDER_A.getPublic(), THIRD), PROVIDER_A));
        refused("chip-order-number", signed(key.receipt().number() + 2, ChipOrder.remove(9, SERVICE_A), MANAGER));
    }

    @Test
    void aProviderDoesNotUndoItsManagersSuspension() {
        carriedOut(next(ChipOrder.suspend(1, SERVICE_A), MANAGER));
        carriedOut(next(ChipOrder.suspend(1, SERVICE_A), PROVIDER_A)); // nor by taking it over first
        var undone = carriedOut(next(ChipOrder.resume(1, SERVICE_A), PROVIDER_A));
        assertEquals(
                "chip-held-by-manager",
                assertThrows(Refusal.class, undone::mustBeDone).code());
        assertTrue(key.view().slots().get(1).suspended());
        assertTrue(carriedOut(next(ChipOrder.resume(1, SERVICE_A), MANAGER)).done());
        assertFalse(key.view().slots().get(1).suspended());
        // its own suspension it undoes, and so does the manager
        for (var by : List.of(PROVIDER_A, MANAGER)) {
            carriedOut(next(ChipOrder.suspend(1, SERVICE_A), PROVIDER_A));
            assertTrue(carriedOut(next(ChipOrder.resume(1, SERVICE_A), by)).done());
            assertFalse(key.view().slots().get(1).suspended());
        }
    }

    @Test
    void theNextServiceInASlotIsNotHeldForTheLastOne() {
        carriedOut(next(ChipOrder.suspend(1, SERVICE_A), MANAGER));
        carriedOut(next(ChipOrder.remove(1, SERVICE_A), PROVIDER_A));
        carriedOut(next(ChipOrder.install(1, PROVIDER_B.getPublic(), THIRD), MANAGER));
        carriedOut(next(ChipOrder.suspend(1, THIRD), PROVIDER_B));
        assertTrue(carriedOut(next(ChipOrder.resume(1, THIRD), PROVIDER_B)).done());
    }

    @Test
    void aReceiptIsSaidAgainAndForNoOtherOrder() {
        var signed = next(ChipOrder.suspend(1, SERVICE_A), MANAGER);
        var said = carriedOut(signed);
        var again = key.receipt();
        assertEquals(said.record(), again.record());
        var identity = key.view().identity();
        assertTrue(again.isBy(identity) && again.isFor(signed));
        assertFalse(again.isFor(signed(signed.number(), ChipOrder.resume(1, SERVICE_A), MANAGER)));
        assertFalse(again.isFor(signed(signed.number(), ChipOrder.suspend(1, SERVICE_B), MANAGER)));
        assertFalse(again.isFor(signed(signed.number() + 1, ChipOrder.suspend(1, SERVICE_A), MANAGER)));
        assertFalse(again.isBy(Factory.equipped(Factory.blank()).view().identity()));
        for (var bent : bits(again.record())) {
            assertFalse(new OrderReceipt(bent, again.signature()).isBy(identity));
        }
    }

    @Test
    void noBitOfAnOrderCanBeChangedOnItsWay() {
        var signed = next(ChipOrder.suspend(1, SERVICE_A), MANAGER);
        for (var bent : bits(signed.form())) {
            assertFalse(travels(bent, signed.signature()));
        }
        for (var bent : bits(signed.signature())) {
            assertFalse(travels(signed.form(), bent));
        }
        assertTrue(travels(signed.form(), signed.signature()));
    }

    private boolean travels(Bytes form, Bytes signature) {
        try {
            var read = SignedOrder.read(form, signature);
            key.carryOut(read, codeFor(read.order()));
            return read.chip().equals(key.view().chip());
        } catch (Refusal e) {
            return false;
        }
    }

    private static List<Bytes> bits(Bytes whole) {
        return java.util.stream.IntStream.range(0, whole.size() * 8)
                .mapToObj(i -> {
                    var raw = whole.toArray();
                    raw[i / 8] ^= (byte) (1 << (i % 8));
                    return Bytes.of(raw);
                })
                .toList();
    }

    @FuzzTest
    void anyOrderIsReadOrRefused(byte[] form) {
        try {
            var read = SignedOrder.read(Bytes.of(form), Bytes.of(new byte[70]));
            assertEquals(Bytes.of(form), read.form());
        } catch (Refusal expected) {
            assertEquals("order-malformed", expected.code());
        }
    }
}
