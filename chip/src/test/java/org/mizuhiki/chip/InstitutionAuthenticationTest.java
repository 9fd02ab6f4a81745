package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.NationalCard.Credential.AUTHENTICATION;
import static org.mizuhiki.chip.NationalCard.Credential.SIGNATURE;
import static org.mizuhiki.chip.NationalCardTest.refused;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Our own institution authentication without a PIN, and the attacks on it.
@Tag("V4")
class InstitutionAuthenticationTest {
    private static final Bytes CONTENT = Bytes.utf8("X");

    private static void cannotSign(NationalCard card) {
        assertEquals("card-not-permitted", refused(() -> card.sign(AUTHENTICATION, CONTENT.sha256())));
        assertEquals("card-not-permitted", refused(() -> card.sign(SIGNATURE, CONTENT.sha256())));
    }

    private static NationalCard entered(CardChannel line) {
        var card = NationalCard.on(line);
        Town.enter(card);
        return card;
    }

    @Test
    void aKnownInstitutionUsesTheAuthenticationKeyWithoutPin() {
        var card = entered(Town.card());
        var signature = card.sign(AUTHENTICATION, CONTENT.sha256());
        assertTrue(NationalCardTest.signs(card.certificate(AUTHENTICATION), CONTENT, signature));
        assertEquals(3, card.tries(AUTHENTICATION));
    }

    @Test
    void theSignatureKeyAndTheOwnersNameStayTheOwners() {
        var card = entered(Town.card());
        assertEquals("card-not-permitted", refused(() -> card.sign(SIGNATURE, CONTENT.sha256())));
        assertEquals("card-not-permitted", refused(() -> card.certificate(SIGNATURE)));
        assertEquals("card-not-permitted", refused(() -> card.change(AUTHENTICATION, Town.secret("9999"))));
    }

    @Test
    void theRightEndsWithTheSession() {
        var line = Town.card();
        var card = entered(line);
        line.reset();
        cannotSign(NationalCard.on(line));
        Town.enter(card);
        cannotSign(NationalCard.on(line));
        cannotSign(NationalCard.on(Town.revived(line.card().image())));
    }

    @Test
    void anAnswerIsForOneChallenge() {
        var line = Town.card();
        var card = NationalCard.on(line);
        Town.present(card);
        var first = card.challenge();
        var answer = Town.answer(first);
        assertNotEquals(first, card.challenge(), "a second one takes the first one's place");
        assertEquals("card-not-permitted", refused(() -> card.authenticate(answer)));
        assertEquals("card-state", refused(() -> card.authenticate(answer)), "the challenge is spent");
        var used = Town.answer(card.challenge());
        card.authenticate(used);
        assertEquals("card-state", refused(() -> card.authenticate(used)), "replayed");
        cannotSign(card);
        card.challenge();
        assertEquals("card-not-permitted", refused(() -> card.authenticate(used)));
        cannotSign(card);
    }

    @Test
    void aChallengeWithoutAnInstitutionAndTheOtherWayRoundLeadNowhere() {
        var line = Town.card();
        var card = NationalCard.on(line);
        var challenge = card.challenge();
        assertEquals("card-state", refused(() -> card.authenticate(Town.answer(challenge))));
        Town.present(card);
        assertEquals("card-state", refused(() -> card.authenticate(Town.answer(challenge))));
        line.reset();
        var next = NationalCard.on(line);
        var again = next.challenge();
        assertEquals(
                "card-state", refused(() -> next.authenticate(Town.answer(again))), "the certificate is forgotten");
        cannotSign(next);
    }

    @Test
    void anotherRootsInstitutionIsNobody() {
        var card = NationalCard.on(Town.card());
        var forged = Factory.signer(Factory.pair()).apply(Town.certificate());
        assertEquals("card-not-permitted", refused(() -> card.present(Town.certificate(), forged)));
        assertEquals("card-state", refused(() -> card.authenticate(Town.answer(card.challenge()))));
        cannotSign(card);
    }

    @Test
    void aCertificateThatIsShownNextEndsTheRight() {
        var card = entered(Town.card());
        Town.present(card);
        cannotSign(card);
        Town.enter(card);
        assertThrows(Refusal.class, () -> card.present(Town.certificate(), Bytes.of(new byte[70])));
        cannotSign(card);
    }

    @Test
    void anotherKeyOrNameInTheAnswerIsRefused() {
        var card = NationalCard.on(Town.card());
        Town.present(card);
        var form = InstitutionForms.answer(Town.NAME, card.challenge());
        var stranger = Factory.signer(Factory.pair()).apply(form);
        assertEquals("card-not-permitted", refused(() -> card.authenticate(stranger)));
        var name = Factory.signer(Town.CLINIC).apply(InstitutionForms.answer("1300000000", card.challenge()));
        assertEquals("card-not-permitted", refused(() -> card.authenticate(name)));
        cannotSign(card);
    }

    @Test
    void everyFlippedBitOfACertificateAndOfAnAnswerIsRefused() {
        var card = NationalCard.on(Town.card());
        var certificate = Town.certificate();
        var signature = Factory.signer(Town.ROOT).apply(certificate);
        for (int bit = 0; bit < certificate.size() * 8; bit++) {
            var bent = flipped(certificate, bit);
            assertThrows(Refusal.class, () -> card.present(bent, signature), "bit " + bit);
        }
        for (int bit = 0; bit < signature.size() * 8; bit++) {
            var bent = flipped(signature, bit);
            assertThrows(Refusal.class, () -> card.present(certificate, bent), "bit " + bit);
        }
        card.present(certificate, signature);
        for (int bit = 0; bit < 68 * 8; bit++) {
            var answer = Town.answer(card.challenge());
            var bent = flipped(answer, bit);
            assertThrows(Refusal.class, () -> card.authenticate(bent), "bit " + bit);
            cannotSign(card);
        }
    }

    private static Bytes flipped(Bytes whole, int bit) {
        var raw = whole.toArray();
        raw[bit / 8] ^= (byte) (1 << (bit % 8));
        return Bytes.of(raw);
    }

    @Test
    void aRootsSignatureOverAPointThatIsNoneIsNoDefect() {
        var card = NationalCard.on(Town.card());
        var raw = Town.certificate().toArray();
        raw[raw.length - 1] ^= 1;
        var bent = Bytes.of(raw);
        assertEquals(
                "card-refused",
                refused(() -> card.present(bent, Factory.signer(Town.ROOT).apply(bent))));
    }
}
