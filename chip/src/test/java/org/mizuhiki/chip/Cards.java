package org.mizuhiki.chip;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.mizuhiki.chip.card.Card;
import org.mizuhiki.chip.card.LoadFile;

/// Cards and commands for the tests.
final class Cards {
    static final SecureRandom DIE = new SecureRandom();
    static final byte[] PURSE_AID = hex("f04d5a5001");
    static final byte[] THIEF_AID = hex("f04d5a5401");
    static final LoadFile PURSE =
            LoadFile.fromClassPath("org.mizuhiki.chip.purse", List.of("Balance", "Purse", "Purse$Movement"), List.of());
    static final LoadFile THIEF = LoadFile.fromClassPath("org.mizuhiki.chip.thief", List.of("Thief"), List.of(PURSE));

    private Cards() {}

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }

    static Card withPurse(Card.Keeper keeper) {
        var card = new Card(DIE, keeper);
        card.install(PURSE, "Purse", PURSE_AID, hex("31323334"));
        return card;
    }

    static String send(Card card, String command) {
        return HexFormat.of().formatHex(card.transmit(hex(command)));
    }

    static String select(Card card, byte[] aid) {
        return send(card, "00a40400%02x%s".formatted(aid.length, HexFormat.of().formatHex(aid)));
    }
}
