package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.Reception.OTHER;
import static org.mizuhiki.chip.Reception.PATIENT;

import java.security.cert.CertificateEncodingException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// What the visit service makes of evidence: changed, held back, moved, doubled.
@Tag("H7")
@Tag("H9")
class VisitEvidenceTest {
    private static String refused(Runnable attempt) {
        return assertThrows(Refusal.class, attempt::run).code();
    }

    private static Digest bent(Digest digest) {
        var raw = digest.toArray();
        raw[31] ^= 1;
        return Digest.ofHash(raw);
    }

    private static Bytes bent(Bytes bytes, int bit) {
        var raw = bytes.toArray();
        raw[bit / 8] ^= (byte) (1 << (bit % 8));
        return Bytes.of(raw);
    }

    private static VisitEvidence with(VisitEvidence e, VisitEvidence.Bound bound) {
        return new VisitEvidence(bound, e.mode(), e.certificate(), e.signature(), e.stamp());
    }

    @Test
    void noPartOfItCanBeChanged() {
        var reception = Reception.open();
        var e = reception.receive(PATIENT);
        var b = e.bound();
        var s = e.stamp();
        var bounds = List.of(
                new VisitEvidence.Bound("2710000001", b.life(), b.count(), b.epoch(), b.challenge(), b.anchor()),
                new VisitEvidence.Bound(b.institution(), b.life() - 1, b.count(), b.epoch(), b.challenge(), b.anchor()),
                new VisitEvidence.Bound(b.institution(), b.life(), b.count() + 1, b.epoch(), b.challenge(), b.anchor()),
                new VisitEvidence.Bound(
                        b.institution(), b.life(), b.count(), bent(b.epoch(), 0), b.challenge(), b.anchor()),
                new VisitEvidence.Bound(
                        b.institution(), b.life(), b.count(), b.epoch(), bent(b.challenge()), b.anchor()),
                new VisitEvidence.Bound(
                        b.institution(), b.life(), b.count(), b.epoch(), b.challenge(), bent(b.anchor())));
        bounds.forEach(other ->
                assertEquals("visit-forged", refused(() -> with(e, other).verify(reception.key())), other.toString()));
        var stamps = List.of(
                new TickStamps.Stamp(s.count() + 1, s.epoch(), s.life(), s.signature()),
                new TickStamps.Stamp(s.count(), bent(s.epoch(), 7), s.life(), s.signature()),
                new TickStamps.Stamp(s.count(), s.epoch(), s.life() + 1, s.signature()));
        stamps.forEach(other -> assertEquals(
                "visit-forged",
                refused(() -> new VisitEvidence(b, e.mode(), e.certificate(), e.signature(), other)
                        .verify(reception.key()))));
        assertEquals("visit-forged", refused(() -> e.verify(Reception.open().key())), "another element");
        assertEquals(
                "visit-forged",
                refused(() -> e.verify(new ElementKey(reception.key().key(), true))));
    }

    @Test
    void noBitOfItsSignaturesAndCertificateCanBeChanged() {
        var reception = Reception.open();
        var e = reception.receive(PATIENT);
        var key = reception.key();
        for (int bit = 0; bit < e.signature().size() * 8; bit += 7) {
            var other = new VisitEvidence(e.bound(), e.mode(), e.certificate(), bent(e.signature(), bit), e.stamp());
            assertEquals("visit-forged", refused(() -> other.verify(key)), "card's signature, bit " + bit);
        }
        for (int bit = 0; bit < e.certificate().size() * 8; bit += 61) {
            var other = new VisitEvidence(e.bound(), e.mode(), bent(e.certificate(), bit), e.signature(), e.stamp());
            assertEquals("visit-forged", refused(() -> other.verify(key)), "certificate, bit " + bit);
        }
        for (int bit = 0; bit < e.stamp().signature().size() * 8; bit++) {
            var s = e.stamp();
            var stamp = new TickStamps.Stamp(s.count(), s.epoch(), s.life(), bent(s.signature(), bit));
            var other = new VisitEvidence(e.bound(), e.mode(), e.certificate(), e.signature(), stamp);
            assertEquals("visit-forged", refused(() -> other.verify(key)), "element's signature, bit " + bit);
        }
    }

    /// The host gives the element another card's certificate with a card's true signature.
    @Test
    void anotherCardsCertificateIsFound() {
        var reception = Reception.open();
        var begun = reception.begin(PATIENT);
        reception.element.stage(EKey.joined(TerminalElement.raw(PATIENT.key()), PATIENT.sign(begun.toSign())));
        var encoded = encoded(OTHER);
        var raw = reception.element.send(0x58, 1, 0, Bytes.of(encoded.sha256().toArray()));
        var evidence = new VisitEvidence(
                begun.bound(), begun.mode(), encoded, PATIENT.sign(begun.toSign()), TickStamps.read(raw.toArray()));
        assertEquals("visit-forged", refused(() -> evidence.verify(reception.key())));
    }

    private static Bytes encoded(HolderCard card) {
        try {
            return Bytes.of(card.certificate().getEncoded());
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDayIsProvenWithAllItsVisitsOrNotAtAll() {
        var reception = Reception.open();
        var opening = reception.anchor();
        var one = reception.receive(PATIENT);
        var begun = reception.begin(OTHER);
        var given = reception.element.visits().abandon(begun);
        var message = Bytes.utf8("closing list").sha256();
        var stamped = new Counted.Stamped(message, reception.element.stamps().stamp(message));
        var two = reception.receive(OTHER);
        var closing = reception.anchor();
        var key = reception.key();
        assertTrue(DateStamps.prove(key, opening, List.of(one, given, stamped, two), closing)
                .date()
                .isPresent());
        assertEquals(
                "stamp-missing", refused(() -> DateStamps.prove(key, opening, List.of(one, stamped, two), closing)));
        assertEquals(
                "stamp-missing", refused(() -> DateStamps.prove(key, opening, List.of(given, stamped, two), closing)));
        assertEquals(
                "stamp-outside",
                refused(() -> DateStamps.prove(key, opening, List.of(one, one, given, stamped, two), closing)));
        var other = new AbandonedVisit(given.institution(), given.life() - 2, given.count(), given.stamp());
        assertEquals(
                "stamp-forged",
                refused(() -> DateStamps.prove(key, opening, List.of(one, other, stamped, two), closing)));
        var later = reception.receive(PATIENT);
        assertEquals(
                "stamp-forged",
                refused(() -> DateStamps.prove(key, opening, List.of(one, given, stamped, later), closing)),
                "it names the anchor after which it was made");
    }

    /// A day offline: the administrator opens, visits are made without an anchor, and the power goes again.
    @Test
    void visitsOfADayOfflineLieBetweenTheAnchorsBeforeAndAfter() {
        var reception = Reception.open();
        var opening = reception.anchor();
        reception.powerOffAndOn();
        reception.element.open(0, Reception.ADMINISTRATOR::sign);
        var offline = reception.receive(PATIENT);
        reception.powerOffAndOn();
        var closing = reception.anchor();
        reception.element.open(Reception.service());
        var after = reception.receive(PATIENT);
        var key = reception.key();
        var proven = DateStamps.bracket(key, opening, offline, closing);
        assertEquals(opening.time(), proven.after());
        assertEquals(closing.time(), proven.before());
        assertTrue(proven.date().isPresent());
        assertEquals("stamp-outside", refused(() -> DateStamps.bracket(key, opening, after, closing)));
        assertEquals("stamp-outside", refused(() -> DateStamps.bracket(key, closing, offline, opening)));
        assertEquals(
                "stamp-forged",
                refused(() -> DateStamps.prove(key, opening, List.of(offline), closing)),
                "it names no anchor");
        var elsewhere = Reception.open().key();
        assertEquals("stamp-forged", refused(() -> DateStamps.bracket(elsewhere, opening, offline, closing)));
    }

    /// An element that was copied with its keys counts everything twice.
    @Test
    void aClonedElementIsExposed() {
        var reception = Reception.fresh().enrolled();
        var image = reception.card().card().image();
        var copy = Reception.over(CardLine.revivedTerminal(image));
        var genuine = day(reception);
        var copied = day(copy);
        assertEquals(genuine.life(), copied.life(), "both say that it was the element's same count");
        assertFalse(genuine.signature().equals(copied.signature()));
        assertFalse(genuine.epoch().equals(copied.epoch()), "which only one element in one power-on can have said");
    }

    private static TickStamps.Stamp day(Reception reception) {
        reception.element.open(Reception.service());
        reception.anchor();
        var message = Bytes.utf8("one").sha256();
        return reception.element.stamps().stamp(message);
    }

    @Test
    void aStampIsNoVisitAndAVisitNoStamp() {
        var reception = Reception.open();
        var evidence = reception.receive(PATIENT);
        var key = reception.key();
        assertFalse(key.isStamp(evidence.bound().toSign(key).sha256(), evidence.stamp()));
        var message = evidence.bound().toSign(key).sha256();
        var stamp = reception.element.stamps().stamp(message);
        var posed = new VisitEvidence(
                evidence.bound(), evidence.mode(), evidence.certificate(), evidence.signature(), stamp);
        assertEquals("visit-forged", refused(() -> posed.verify(key)));
        var begun = reception.begin(PATIENT);
        var abandoned = reception.element.visits().abandon(begun);
        assertFalse(key.isStamp(message, abandoned.stamp()));
        assertFalse(key.isAnchor(Bytes.of(new byte[24]), abandoned.stamp()));
    }
}
