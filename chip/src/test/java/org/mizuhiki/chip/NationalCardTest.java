package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.NationalCard.Credential.AUTHENTICATION;
import static org.mizuhiki.chip.NationalCard.Credential.SIGNATURE;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.chip.NationalCard.Credential;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.javacard.PowerLost;

/// The simulator of the national ID card, as its owner and software use it.
@Tag("V4")
class NationalCardTest {
    static final byte ACTIVATE = 0x44;
    private static final Bytes CONTENT = Bytes.utf8("what is signed");

    static String refused(Runnable attempt) {
        return assertThrows(Refusal.class, attempt::run).code();
    }

    static boolean signs(X509Certificate certificate, Bytes content, Bytes signature) {
        return Crypto.verifies("SHA256withRSA", certificate.getPublicKey(), content, signature);
    }

    @Test
    void theCardShowsWhatItIsToAnybodyAndWhoItsOwnerIsToItsOwnerOnly() throws Exception {
        var card = NationalCard.on(Town.card());
        assertEquals("JPKIAPICCTOKEN2", card.tokenName());
        for (var credential : Credential.values()) {
            var issuer = card.issuer(credential);
            assertEquals(Town.JPKI.issuer(credential), issuer);
            issuer.verify(issuer.getPublicKey());
        }
        var certificate = card.certificate(AUTHENTICATION);
        certificate.verify(Town.JPKI.issuer(AUTHENTICATION).getPublicKey());
        certificate.checkValidity(Date.from(Town.NOW));
        assertFalse(shows(certificate, Town.TARO.name()), "a number and nothing else");
        assertEquals("card-not-permitted", refused(() -> card.certificate(SIGNATURE)));
        card.verify(AUTHENTICATION, Town.pin());
        assertEquals("card-not-permitted", refused(() -> card.certificate(SIGNATURE)));
        card.verify(SIGNATURE, Town.signaturePin());
        var other = card.certificate(SIGNATURE);
        other.verify(Town.JPKI.issuer(SIGNATURE).getPublicKey());
        assertTrue(shows(other, Town.TARO.name()) && shows(other, "319700102") && shows(other, Town.TARO.address()));
    }

    private static boolean shows(X509Certificate certificate, String text) throws Exception {
        return new String(certificate.getEncoded(), StandardCharsets.ISO_8859_1)
                .contains(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }

    @Test
    void eachKeySignsAfterItsOwnPin() {
        var card = NationalCard.on(Town.card());
        for (var credential : Credential.values()) {
            assertEquals("card-not-permitted", refused(() -> card.sign(credential, CONTENT.sha256())));
        }
        card.verify(AUTHENTICATION, Town.pin());
        var signature = card.sign(AUTHENTICATION, CONTENT.sha256());
        assertTrue(signs(card.certificate(AUTHENTICATION), CONTENT, signature));
        assertEquals("card-not-permitted", refused(() -> card.sign(SIGNATURE, CONTENT.sha256())));
        card.verify(SIGNATURE, Town.signaturePin());
        assertTrue(signs(card.certificate(SIGNATURE), CONTENT, card.sign(SIGNATURE, CONTENT.sha256())));
        assertFalse(signs(card.certificate(SIGNATURE), CONTENT, signature));
    }

    @Test
    void whatWasShownEndsWithTheSession() {
        var line = Town.card();
        var card = NationalCard.on(line);
        card.verify(AUTHENTICATION, Town.pin());
        NationalCard.on(line);
        assertEquals("card-not-permitted", refused(() -> card.sign(AUTHENTICATION, CONTENT.sha256())));
        card.verify(AUTHENTICATION, Town.pin());
        line.reset();
        NationalCard.on(line);
        assertEquals("card-not-permitted", refused(() -> card.sign(AUTHENTICATION, CONTENT.sha256())));
    }

    @Test
    void onlyADigestInfoIsSigned() {
        var line = Town.card();
        var card = NationalCard.on(line);
        card.verify(AUTHENTICATION, Town.pin());
        card.sign(AUTHENTICATION, CONTENT.sha256());
        var line16 = "30".repeat(1) + "0e" + "04".repeat(14);
        for (var data : List.of("00", "3000", "61".repeat(51), line16, "3082" + "00".repeat(130))) {
            assertEquals("6a80", Cards.send(line.card(), "802a0080%02x%s00".formatted(data.length() / 2, data)), data);
        }
    }

    @Test
    void wrongPinsBlockOnePinAndItStaysBlocked() {
        var line = Town.card();
        var card = NationalCard.on(line);
        assertEquals(3, card.tries(AUTHENTICATION));
        assertEquals(5, card.tries(SIGNATURE));
        assertEquals("card-pin-wrong", refused(() -> card.verify(AUTHENTICATION, Town.secret("0000"))));
        assertEquals(2, card.tries(AUTHENTICATION));
        card.verify(AUTHENTICATION, Town.pin());
        assertEquals(3, card.tries(AUTHENTICATION), "the right one gives the tries back");
        for (int left = 2; left >= 0; left--) {
            refused(() -> card.verify(AUTHENTICATION, Town.secret("0000")));
            assertEquals(left, card.tries(AUTHENTICATION));
            assertEquals("card-not-permitted", refused(() -> card.sign(AUTHENTICATION, CONTENT.sha256())));
        }
        assertEquals("card-pin-blocked", refused(() -> card.verify(AUTHENTICATION, Town.pin())));
        var again = NationalCard.on(Town.revived(line.card().image()));
        assertEquals("card-pin-blocked", refused(() -> again.verify(AUTHENTICATION, Town.pin())));
        assertEquals(5, again.tries(SIGNATURE));
        again.verify(SIGNATURE, Town.signaturePin());
    }

    @Test
    void aPinOfAnotherLengthCostsNoTryAndOpensNothing() {
        var card = NationalCard.on(Town.card());
        card.verify(AUTHENTICATION, Town.pin());
        for (var pin : List.of("1", "123", "12345", "1234123412341234")) {
            assertEquals("card-refused", refused(() -> card.verify(AUTHENTICATION, Town.secret(pin))));
        }
        assertEquals(3, card.tries(AUTHENTICATION));
        assertEquals("card-not-permitted", refused(() -> card.sign(AUTHENTICATION, CONTENT.sha256())));
    }

    @Test
    void aTryIsSpentBeforeThePinIsCompared() {
        var line = Town.card();
        var card = NationalCard.on(line);
        var left = new AtomicInteger(1);
        line.card().feed(() -> {
            if (left.getAndDecrement() == 0) {
                throw new PowerLost();
            }
        });
        assertThrows(PowerLost.class, () -> card.verify(AUTHENTICATION, Town.pin()));
        assertEquals(2, NationalCard.on(Town.revived(line.card().image())).tries(AUTHENTICATION));
    }

    @Test
    void aPinIsChangedByWhoeverShowedTheOldOne() {
        var card = NationalCard.on(Town.card());
        assertEquals("card-not-permitted", refused(() -> card.change(AUTHENTICATION, Town.secret("9876"))));
        card.verify(AUTHENTICATION, Town.pin());
        for (var unfit : List.of("987", "98765", "98a6", "ABCD")) {
            assertEquals("card-pin-unfit", refused(() -> card.change(AUTHENTICATION, Town.secret(unfit))));
        }
        card.change(AUTHENTICATION, Town.secret("9876"));
        assertEquals("card-not-permitted", refused(() -> card.sign(AUTHENTICATION, CONTENT.sha256())));
        assertEquals("card-pin-wrong", refused(() -> card.verify(AUTHENTICATION, Town.pin())));
        card.verify(AUTHENTICATION, Town.secret("9876"));
        card.verify(SIGNATURE, Town.signaturePin());
        assertEquals("card-pin-unfit", refused(() -> card.change(SIGNATURE, Town.secret("abc123"))));
        card.change(SIGNATURE, Town.secret("NEW4567890123456"));
        card.verify(SIGNATURE, Town.secret("NEW4567890123456"));
    }

    @Test
    void aCardIsFilledOnce() {
        var line = Town.card();
        assertEquals("card-refused", refused(() -> Town.personalise(line)));
        NationalCard.on(line).verify(AUTHENTICATION, Town.pin());
        for (var command : List.of("8046001700", "80da00180431313131", "80d60001030000ff", "80440000")) {
            assertEquals("6d00", Cards.send(line.card(), command));
        }
    }

    @Test
    void aCardThatLacksAnythingIsNotGivenOut() {
        var line = Town.blank();
        assertEquals("card-state", refused(() -> NationalCard.on(line).tokenName()));
        assertEquals("6985", Cards.send(line.card(), "80440000"));
        Cards.send(line.card(), "8046001700");
        assertEquals("6985", Cards.send(line.card(), "80440000"));
        assertEquals("6a80", Cards.send(line.card(), "80da008241" + "04".repeat(65)), "no point of the curve");
        Town.personalise(line);
        assertEquals(3, NationalCard.on(line).tries(AUTHENTICATION));
    }

    @Test
    void aCardWithACertificateForAnotherKeyIsNotGivenOut() {
        var line = Town.blank();
        var tap = new Tap(line, command -> {
            if (command[1] == ACTIVATE) {
                assertEquals("9000", Cards.send(line.card(), "80d6000aca0000" + "30".repeat(200)));
            }
        });
        assertEquals("card-state", refused(() -> Town.personalise(tap)));
    }

    @Test
    void anotherCardIsNoNationalCard() {
        assertEquals("no-national-card", refused(() -> NationalCard.on(Factory.blank())));
    }
}
