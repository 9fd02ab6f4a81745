package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.Factory.MANAGER;
import static org.mizuhiki.chip.Factory.PROVIDER_A;
import static org.mizuhiki.chip.Factory.SERVICE_A;
import static org.mizuhiki.chip.Factory.code;
import static org.mizuhiki.chip.Factory.signer;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.javacard.PowerLost;

/// The power of the e-Key ends before each single permanent write of each operation, as it could on a chip
/// (where the card's image, which is written whole, does not help): afterwards the operation has happened or
/// it has not.
@Tag("N1")
class EKeyTornTest {
    private static final ChipOrder GOES = ChipOrder.remove(1, SERVICE_A);

    private static byte[] image(Consumer<EKey> preparation) {
        var line = CardLine.blank();
        preparation.accept(Factory.equipped(line));
        return line.card().image();
    }

    /// What can be seen of a chip, without what is random in it.
    private static String seen(byte[] image) {
        var text = new StringBuilder();
        var key = EKey.on(CardLine.revived(image));
        var view = key.view();
        text.append(view.personalised()).append(view.slots());
        if (!view.personalised()) {
            return text.toString();
        }
        text.append(key.information().asHex()).append(key.receipt().record().asHex());
        for (int i = 0; i < view.slots().size(); i++) {
            if (view.slots().get(i).state() != EKey.SlotState.FREE
                    && !view.slots().get(i).suspended()) {
                text.append(slot(key, i));
            }
        }
        return text.toString();
    }

    private static String slot(EKey key, int number) {
        var slot = key.slot(number, code(number));
        try {
            var text = " slot " + number + " chain " + slot.chain().size();
            var made = slot.publicKey();
            if (made.isPresent()) {
                text += " signs " + Crypto.verifies(made.get(), Bytes.utf8("x"), slot.sign(Bytes.utf8("x")));
            }
            return number == 0
                    ? text
                    : text + " connection "
                            + key.connection(number, code(number)).asHex();
        } catch (Refusal e) {
            return " slot " + number + " " + e.code();
        }
    }

    private static int torn(byte[] before, Consumer<EKey> operation) {
        var counted = CardLine.revived(before);
        var count = new AtomicInteger();
        var whole = EKey.on(counted);
        counted.card().feed(count::incrementAndGet);
        operation.accept(whole);
        var after = seen(counted.card().image());
        assertNotEquals(seen(before), after, "the operation can be seen");
        int happened = 0;
        for (int write = 0; write < count.get(); write++) {
            var now = seen(tornAt(write, before, operation));
            assertTrue(now.equals(seen(before)) || now.equals(after), "torn at write " + write + ": " + now);
            happened += now.equals(after) ? 1 : 0;
        }
        assertTrue(happened < count.get(), "torn before its first write it has not happened");
        return count.get();
    }

    private static byte[] tornAt(int write, byte[] before, Consumer<EKey> operation) {
        var line = CardLine.revived(before);
        var key = EKey.on(line);
        var left = new AtomicInteger(write);
        line.card().feed(() -> {
            if (left.getAndDecrement() == 0) {
                throw new PowerLost();
            }
        });
        assertThrows(PowerLost.class, () -> operation.accept(key));
        return line.card().image();
    }

    @Test
    void personalisation() {
        torn(CardLine.blank().card().image(), Factory::personalise);
    }

    @Test
    void aServiceComes() {
        var order = ChipOrder.install(3, PROVIDER_A.getPublic(), Bytes.utf8("third-service---"));
        torn(image(k -> {}), k -> k.order(order, Optional.of(code(3)), signer(MANAGER)));
    }

    @Test
    void aServiceGoes() {
        var before = image(k -> {
            var slot = k.slot(1, code(1));
            slot.store(List.of(Factory.certificate(slot.generate())));
        });
        var line = CardLine.revived(before);
        var key = EKey.on(line);
        // the wiping after the deletion is some six thousand writes of which every hundredth is tried
        var count = new AtomicInteger();
        line.card().feed(count::incrementAndGet);
        key.order(GOES, Optional.empty(), signer(MANAGER));
        var after = seen(line.card().image());
        for (int write = 0; write < count.get(); write += write < 60 ? 1 : 101) {
            var now = seen(tornAt(write, before, k -> k.order(GOES, Optional.empty(), signer(MANAGER))));
            assertTrue(now.equals(seen(before)) || now.equals(after), "torn at write " + write + ": " + now);
        }
    }

    @Test
    void aKeyIsMade() {
        int writes = torn(image(k -> {}), k -> k.slot(1, code(1)).generate());
        assertTrue(writes >= 5, writes + " writes");
    }

    @Test
    void aKeyIsForgotten() {
        torn(image(k -> k.slot(1, code(1)).generate()), k -> k.slot(1, code(1)).clear());
    }

    @Test
    void aSlotIsSuspended() {
        torn(image(k -> {}), k -> k.order(ChipOrder.suspend(1, SERVICE_A), Optional.empty(), signer(MANAGER)));
    }

    /// What is staged goes over in pieces; the last command alone makes it the object.
    @Test
    void connectionInformationIsReplaced() {
        var before = image(k -> {
            k.slot(1, code(1)).generate();
            deliver(k, 1, "old");
        });
        torn(before, k -> deliver(k, 2, "new"));
    }

    private static void deliver(EKey key, int version, String text) {
        var content = Bytes.utf8(text);
        var form = EKeyForms.content(key.view().chip(), SERVICE_A, EKey.Content.CONNECTION, version, content);
        key.deliver(
                1,
                code(1),
                EKey.Content.CONNECTION,
                version,
                content,
                signer(PROVIDER_A).apply(form));
    }

    @Test
    void aTryIsSpentWhateverHappensToThePower() {
        var before = image(k -> k.slot(1, code(1)).generate());
        var wrong = Secret.taking(new byte[16]);
        for (int round = 0; round < 5; round++) {
            var line = CardLine.revived(before);
            var key = EKey.on(line);
            assertThrows(Refusal.class, () -> key.slot(1, wrong).generate());
            before = line.card().image();
        }
        var blocked = EKey.on(CardLine.revived(before));
        assertEquals(
                "chip-code-blocked",
                assertThrows(Refusal.class, () -> blocked.slot(1, code(1)).generate())
                        .code());
    }
}
