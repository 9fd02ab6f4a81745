package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.Reception.ADMINISTRATOR;
import static org.mizuhiki.chip.Reception.CLINIC;
import static org.mizuhiki.chip.Reception.PATIENT;
import static org.mizuhiki.chip.Reception.service;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.javacard.PowerLost;

/// The element's power ends before each single permanent write: afterwards an order has happened or it has
/// not, and whatever anybody saw was counted.
@Tag("H5")
@Tag("H9")
class TerminalTornTest {
    private record Counts(int reserve, long life) {}

    private static byte[] image(Consumer<Reception> preparation) {
        var reception = Reception.fresh();
        preparation.accept(reception);
        return reception.card().card().image();
    }

    private static Reception revived(byte[] image) {
        return Reception.over(CardLine.revivedTerminal(image));
    }

    private static Counts counts(byte[] image) {
        var view = revived(image).element.view();
        return new Counts(view.reserve(), view.life());
    }

    /// What can be seen of an element, and what its administrator and its cards see.
    private static String seen(byte[] image) {
        var element = revived(image).element;
        var view = element.view();
        var text = "%s keyed %s sealed %s reserve %d life %d administrator %s"
                .formatted(
                        view.institution(),
                        view.keyed(),
                        view.sealed(),
                        view.reserve(),
                        view.life(),
                        code(() -> element.open(0, ADMINISTRATOR::sign)));
        element.open(service());
        return text + " speaks " + code(() -> element.visits().begin(PATIENT.challenge()));
    }

    private static String code(Runnable attempt) {
        try {
            attempt.run();
            return "does";
        } catch (Refusal e) {
            return e.code();
        }
    }

    /// Calls `check` with what is left of the element after each write at which its power ended.
    ///
    /// @param preparation in the same power-on, before the operation
    private static int torn(
            byte[] before, Consumer<Reception> preparation, Consumer<Reception> operation, Consumer<byte[]> check) {
        for (int write = 0; ; write++) {
            var reception = revived(before);
            preparation.accept(reception);
            var left = new AtomicInteger(write);
            reception.card().card().feed(() -> {
                if (left.getAndDecrement() == 0) {
                    throw new PowerLost();
                }
            });
            try {
                operation.accept(reception);
                return write;
            } catch (PowerLost e) {
                check.accept(reception.card().card().image());
            }
        }
    }

    private static void happensOrNot(byte[] before, int writes, Consumer<Reception> operation) {
        var whole = revived(before);
        operation.accept(whole);
        var after = seen(whole.card().card().image());
        assertNotEquals(seen(before), after, "the operation can be seen");
        var found = new HashSet<String>();
        int count = torn(before, r -> {}, operation, image -> found.add(seen(image)));
        assertTrue(Set.of(seen(before), after).containsAll(found), found.toString());
        assertTrue(found.contains(seen(before)) && count >= writes, count + " writes");
    }

    private static byte[] working() {
        return image(r -> {
            r.enrolled();
            r.element.open(service());
        });
    }

    @Test
    void anEnrolment() {
        happensOrNot(image(r -> {}), 8, r -> r.element.enrol(CLINIC, service()));
        happensOrNot(working(), 8, r -> r.element.enrol("2710000001", service()));
    }

    @Test
    void theKeyOfAnInstitutionThatStays() {
        var reception = Reception.fresh().enrolled();
        reception.element.open(service());
        var key = reception.institutionKey();
        var before = reception.card().card().image();
        torn(before, r -> {}, r -> r.element.enrol("2710000001", service()), image -> {
            var left = revived(image);
            if (left.element.view().institution().equals(CLINIC)) {
                left.element.open(service());
                var challenge = PATIENT.challenge();
                var begun = left.element.visits().begin(challenge);
                assertTrue(Crypto.verifies(key, InstitutionForms.answer(CLINIC, challenge), begun.authentication()));
            }
        });
    }

    @Test
    void theSharedSecret() {
        var before = image(r -> r.element.enrol(CLINIC, service()));
        var element = revived(before).element;
        assertTrue(!element.view().keyed());
        // the agreement key is not told twice: a new enrolment comes with the secret
        int writes = torn(before, r -> {}, Reception::enrolled, image -> {
            var view = revived(image).element.view();
            assertTrue(view.sealed());
            assertEquals(CLINIC, view.institution());
        });
        assertTrue(writes >= 12, writes + " writes");
    }

    @Test
    void anAdministratorComesAndGoes() {
        var before = working();
        happensOrNot(before, 3, r -> r.element.register(0, PATIENT.key(), service()));
        happensOrNot(before, 2, r -> r.element.remove(0, service()));
    }

    @Test
    void sealingAndOpening() {
        happensOrNot(working(), 1, r -> r.element.seal());
        happensOrNot(image(Reception::enrolled), 3, r -> r.element.open(service()));
    }

    @Test
    void anAnchorIsCountedOnceOrNotAtAll() {
        var before = working();
        var counts = counts(before);
        int writes = torn(before, r -> {}, Reception::anchor, image -> {
            assertEquals(counts, counts(image));
            var again = revived(image);
            again.anchor();
            assertEquals(1, again.element.view().life(), "the anchor that was torn can be had again");
        });
        assertTrue(writes >= 4, writes + " writes");
    }

    /// Offline: the reserve is spent before the count, the count before anything is signed.
    @Test
    void aVisitIsNeverSeenUncounted() {
        var before = working();
        var counts = counts(before);
        var found = new HashSet<Counts>();
        int writes = torn(
                before,
                r -> r.element.open(0, ADMINISTRATOR::sign),
                r -> {
                    r.element.visits().begin(PATIENT.challenge());
                    assertEquals(counts.life() + 1, r.element.view().life());
                },
                image -> found.add(counts(image)));
        assertTrue(writes >= 3, writes + " writes");
        assertEquals(Set.of(counts, new Counts(counts.reserve() - 1, counts.life())), found);
    }

    @Test
    void theEvidenceIsNeverSeenUncounted() {
        var before = working();
        var found = new HashSet<Long>();
        torn(
                before,
                r -> {
                    r.element.open(service());
                    r.anchor();
                },
                r -> {
                    var begun = r.element.visits().beginByPin(PATIENT.challenge());
                    PATIENT.pin();
                    var evidence = r.element.visits().finish(begun, PATIENT.certificate(), PATIENT::sign);
                    assertEquals(evidence.stamp().life(), r.element.view().life());
                },
                image -> {
                    var again = revived(image);
                    assertTrue(!again.element.view().unfinished());
                    found.add(again.element.view().life());
                });
        assertEquals(Set.of(1L, 2L), found);
    }
}
