package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.SecureRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Seals;

@Tag("V8")
class ActivationSecretTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final Seals SEALS = new Seals(DIE);

    @Test
    void wordsAndLinkGiveTheSameKeysAndTicketAgain() {
        var made = ActivationSecret.random(DIE);
        assertTrue(made.revealedWords().matches("([a-z]{5} ){8}[a-z]{5}"));
        for (var typed : new String[] {
            made.revealedWords(),
            made.revealedWords().toUpperCase(java.util.Locale.ROOT).replace(" ", "-\n"),
            made.revealedLink()
        }) {
            var read = ActivationSecret.parse(typed);
            assertEquals(made.opener(SEALS).keyId(), read.opener(SEALS).keyId());
            assertEquals(made.ticket(SEALS).revealed(), read.ticket(SEALS).revealed());
        }
    }

    @Test
    void aSlipOfOneLetterIsNoticed() {
        var words = ActivationSecret.random(DIE).revealedWords();
        int noticed = 0;
        for (int i = 0; i < words.length(); i++) {
            if (words.charAt(i) != ' ') {
                var other = words.charAt(i) == 'b' ? 'd' : words.charAt(i) == 'a' ? 'o' : i % 6 % 2 == 0 ? 'b' : 'a';
                var slip = words.substring(0, i) + other + words.substring(i + 1);
                Refused.with("activation-malformed", () -> ActivationSecret.parse(slip));
                noticed++;
            }
        }
        assertEquals(45, noticed);
    }

    @Test
    void whatTheAuthorityLearnsIsNotWhatOpens() {
        var secret = ActivationSecret.random(DIE);
        var ticket = secret.ticket(SEALS);
        assertNotEquals(secret.copy(), ticket.secret());
        assertFalse(secret.toString().contains(secret.revealedWords()));
        assertNotEquals(
                ActivationSecret.of(ticket.secret()).opener(SEALS).keyId(),
                secret.opener(SEALS).keyId());
    }

    @FuzzTest
    void noTextDoesMoreThanBeRefused(byte[] typed) {
        try {
            var text = new String(typed, java.nio.charset.StandardCharsets.UTF_8);
            assertEquals(45 + 8, ActivationSecret.parse(text).revealedWords().length());
        } catch (Refusal refusal) {
            assertEquals("activation-malformed", refusal.code());
        }
    }
}
