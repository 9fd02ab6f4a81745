package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.Cards.DIE;
import static org.mizuhiki.chip.Cards.PURSE;
import static org.mizuhiki.chip.Cards.PURSE_AID;
import static org.mizuhiki.chip.Cards.hex;
import static org.mizuhiki.chip.Cards.select;
import static org.mizuhiki.chip.Cards.send;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.chip.card.Card;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;

/// An applet on the card of the house lives as the Java Card runtime environment says.
@Tag("N1")
class CardTest {
    private static Card selected() {
        var card = Cards.withPurse(Card.FORGETFUL);
        assertEquals("9000", select(card, PURSE_AID));
        return card;
    }

    @Test
    void nothingAnswersBeforeAnAppletIsSelected() {
        var card = Cards.withPurse(Card.FORGETFUL);
        assertEquals("6985", send(card, "80020000"));
        assertEquals("6a82", send(card, "00a4040005f0000000ff"));
        assertEquals("9000", select(card, PURSE_AID));
        card.reset();
        assertEquals("6985", send(card, "80020000"));
    }

    @Test
    void aCommittedTransactionStandsAndAnyOtherEndLeavesNothing() {
        var card = selected();
        assertEquals("9000", send(card, "80010500"));
        assertEquals("0005fffb05009000", send(card, "80020000"));
        for (var how : List.of("01", "02", "03")) {
            send(card, "800107" + how);
            assertEquals("0005fffb05009000", send(card, "80020000"), "ended by " + how);
        }
        assertEquals("9000", send(card, "80010300"));
        assertEquals("0008fff803059000", send(card, "80020000"));
    }

    @Test
    void transientMemoryIsClearedWhenItSays() {
        var card = selected();
        send(card, "80060000");
        assertEquals("02029000", send(card, "80060000"));
        select(card, PURSE_AID);
        assertEquals("01039000", send(card, "80060000"));
        card.reset();
        select(card, PURSE_AID);
        assertEquals("01019000", send(card, "80060000"));
    }

    @Test
    void wrongPinsBlockAndARightOneRestoresTheTries() {
        var card = selected();
        assertEquals("63c2", send(card, "800300000431323335"));
        assertEquals("6982", send(card, "800500000101"));
        assertEquals("9000", send(card, "800300000431323334"));
        for (var left : List.of("63c2", "63c1", "63c0", "63c0")) {
            assertEquals(left, send(card, "800300000439393939"));
        }
        assertEquals("63c0", send(card, "800300000431323334"));
        assertEquals("6982", send(card, "800500000101"));
    }

    @Test
    void aPinThatWasShownIsForgottenAtReset() {
        var card = selected();
        send(card, "800300000431323334");
        assertTrue(send(card, "800500000101").endsWith("9000"));
        card.reset();
        select(card, PURSE_AID);
        assertEquals("6982", send(card, "800500000101"));
    }

    @Test
    void keysMadeOnTheCardSignWhatOthersVerify() throws Exception {
        var card = selected();
        send(card, "800300000431323334");
        var w = card.transmit(hex("8004000041"));
        var signature = card.transmit(hex("8005000003616263"));
        var parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp256r1"));
        var point = new ECPoint(
                new BigInteger(1, Arrays.copyOfRange(w, 1, 33)), new BigInteger(1, Arrays.copyOfRange(w, 33, 65)));
        var key = KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
        assertTrue(Crypto.verifies(key, Bytes.utf8("abc"), Bytes.of(Arrays.copyOf(signature, signature.length - 2))));
        assertNotEquals(
                HexFormat.of().formatHex(w),
                HexFormat.of().formatHex(Cards.withPurse(Card.FORGETFUL).transmit(hex("8004000041"))));
    }

    @Test
    void commandsWhoseLengthsDisagreeAreRefused() {
        var card = selected();
        for (var broken : List.of("", "80", "800200", "80070000030102", "800700000201020304", "8007000000ffff01")) {
            assertEquals("6700", send(card, broken), broken);
        }
        assertEquals("01029000", send(card, "80070000020102"));
        assertEquals("01029000", send(card, "8007000002010200"));
        assertEquals("6700", send(card, "80070000000002010200"), "the applet takes no extended length");
    }

    @Test
    void otherChannelsAndReservedClassesAreRefused() {
        var card = selected();
        assertEquals("6881", send(card, "01020000"));
        assertEquals("6881", send(card, "40020000"));
        assertEquals("6e00", send(card, "20020000"));
        assertEquals("6e00", send(card, "ff020000"));
    }

    @Test
    void anAppletsOwnDefectIsOneStatusWordAndChangesNothing() {
        var card = selected();
        assertEquals("6f00", send(card, "80080900"));
        assertEquals("000000000000" + "9000", send(card, "80020000"));
    }

    @Test
    void anInstallThatFailsLeavesNoApplet() {
        var card = new Card(DIE, Card.FORGETFUL);
        var refusal = assertThrows(Refusal.class, () -> card.install(PURSE, "Purse", PURSE_AID, hex("31")));
        assertEquals("applet-not-installed", refusal.code());
        assertEquals("6a82", select(card, PURSE_AID));
        card.install(PURSE, "Purse", PURSE_AID, hex("31323334"));
        assertThrows(Refusal.class, () -> card.install(PURSE, "Purse", PURSE_AID, hex("31323334")));
        card.delete(PURSE_AID);
        assertEquals("6a82", select(card, PURSE_AID));
    }
}
