package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.NationalCard.Credential.AUTHENTICATION;
import static org.mizuhiki.chip.Reception.CLINIC;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// A card at a terminal, for somebody elsewhere who chose a nonce.
@Tag("F5")
@Tag("H7")
class PresenceTest {
    private static final Set<String> BROKEN = Set.of("presence-malformed", "visit-forged", "visit-stale");

    private final Reception reception = Reception.open();
    private final Bytes nonce = nonce();

    private static Bytes nonce() {
        var fresh = new byte[Sealing.NONCE];
        Cards.DIE.nextBytes(fresh);
        return Bytes.of(fresh);
    }

    private CardAtTerminal at() {
        return at(reception);
    }

    private static CardAtTerminal at(Reception reception) {
        var certificate = InstitutionForms.certificate(CLINIC, reception.institutionKey());
        var admission = Factory.signer(Town.ROOT).apply(certificate);
        return new CardAtTerminal(reception.element, NationalCard.on(Town.card()), certificate, admission);
    }

    private static String refused(Runnable attempt) {
        return assertThrows(Refusal.class, attempt::run).code();
    }

    @Test
    void aCardAtATerminalIsBelievedElsewhereAndSignsWithoutPin() {
        var there = at();
        var presence = Presence.read(there.presence(nonce).encode());
        assertEquals(there.card().certificate(AUTHENTICATION), presence.verify(there.key(), nonce));
        var content = Bytes.utf8("always the same");
        try (var once = there.signature(content);
                var again = there.signature(content)) {
            Bytes first = once.lend(Bytes::of);
            Bytes second = again.lend(Bytes::of);
            assertEquals(first, second);
        }
        assertEquals(3, there.card().tries(AUTHENTICATION), "no PIN was shown");
    }

    @Test
    void aVisitFromBeforeTheNonceIsNotTakenForOneAfterIt() {
        var there = at();
        var old = there.presence(nonce());
        var visit = reception.receive(Reception.PATIENT);
        var now = reception.element.sealing(nonce);
        assertEquals("visit-stale", refused(() -> old.verify(there.key(), nonce)));
        assertEquals("visit-stale", refused(() -> new Presence(now, old.visit()).verify(there.key(), nonce)));
        assertEquals("visit-stale", refused(() -> new Presence(now, visit).verify(there.key(), nonce)));
    }

    @Test
    void anotherTerminalsEvidenceIsRefused() {
        var presence = at().presence(nonce);
        var other = Reception.open();
        assertEquals("visit-forged", refused(() -> presence.verify(other.key(), nonce)));
        var elsewhere = new Presence(other.element.sealing(nonce), presence.visit());
        assertEquals("visit-stale", refused(() -> elsewhere.verify(reception.key(), nonce)));
    }

    @Test
    void aTerminalThatWasNotOpenedOrThatTheCardDoesNotBelieveHasNoVisit() {
        var closed = Reception.fresh().enrolled();
        assertEquals("terminal-not-permitted", refused(() -> at(closed).presence(nonce)));
        var there = at();
        var stranger = new CardAtTerminal(
                there.element(),
                there.card(),
                there.certificate(),
                Factory.signer(Factory.pair()).apply(there.certificate()));
        assertEquals("card-not-permitted", refused(() -> stranger.presence(nonce)));
        // and the element is ready for the next
        there.presence(nonce).verify(there.key(), nonce);
    }

    @Test
    void everyFlippedBitIsRefused() {
        var there = at();
        var raw = there.presence(nonce).encode().toArray();
        for (int bit = 0; bit < raw.length * 8; bit++) {
            raw[bit / 8] ^= (byte) (1 << bit % 8);
            var bent = Bytes.of(raw.clone());
            var code = refused(() -> Presence.read(bent).verify(there.key(), nonce));
            assertTrue(BROKEN.contains(code), code);
            raw[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    /// Whatever is accepted has been written in the one way.
    @FuzzTest(maxDuration = "30s")
    void whatIsReadIsWrittenTheSame(byte[] input) {
        var bytes = Bytes.of(input);
        try {
            assertEquals(bytes, Presence.read(bytes).encode());
            assertNotEquals(Digest.of(), Presence.read(bytes).digest());
        } catch (Refusal e) {
            assertEquals("presence-malformed", e.code());
        }
    }
}
