package org.mizuhiki.chip;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.mizuhiki.chip.card.Card;
import org.mizuhiki.chip.card.LoadFile;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;

/// A town that gives out simulated ID cards, a clinic that cards believe, and one that they do not.
final class Town {
    static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");
    static final JpkiSimulator JPKI = new JpkiSimulator(Clock.fixed(NOW, ZoneOffset.UTC), Cards.DIE);
    static final JpkiSimulator.Resident TARO =
            new JpkiSimulator.Resident("模擬太郎", LocalDate.of(1970, 1, 2), 1, "模擬県見本市1-2-3", "Mihon-shi");
    static final KeyPair ROOT = Factory.pair();
    static final KeyPair CLINIC = Factory.pair();
    static final String NAME = "1312345678";
    static final LoadFile FILE = LoadFile.fromClassPath(
            Programs.NATIONAL_CARD_SIMULATOR.packageName(),
            Programs.NATIONAL_CARD_SIMULATOR.classes(),
            List.of(CardLine.CURVE));
    private static final byte[] IMAGE = image();

    private Town() {}

    static Secret pin() {
        return secret("1234");
    }

    static Secret signaturePin() {
        return secret("ABC123");
    }

    static Secret secret(String text) {
        return Secret.taking(text.getBytes(StandardCharsets.US_ASCII));
    }

    static CardLine blank() {
        var card = new Card(Cards.DIE, Card.FORGETFUL);
        var program = Programs.NATIONAL_CARD_SIMULATOR;
        card.install(FILE, program.applet(), program.aid().toArray(), new byte[0]);
        return new CardLine(card);
    }

    private static byte[] image() {
        var line = blank();
        personalise(line);
        return line.card().image();
    }

    static void personalise(CardChannel line) {
        new MunicipalitySimulator(JPKI, ROOT.getPublic()).personalise(line, TARO, pin(), signaturePin());
    }

    static CardLine revived(byte[] image) {
        return new CardLine(Card.revive(image, List.of(FILE), Cards.DIE, Card.FORGETFUL));
    }

    /// The same card each time, as it was given to its owner: its keys take a while to make.
    static CardLine card() {
        return revived(IMAGE);
    }

    static byte[] issued() {
        return IMAGE.clone();
    }

    static Bytes certificate() {
        return InstitutionForms.certificate(NAME, CLINIC.getPublic());
    }

    static void present(NationalCard card) {
        card.present(certificate(), Factory.signer(ROOT).apply(certificate()));
    }

    static Bytes answer(Bytes challenge) {
        return Factory.signer(CLINIC).apply(InstitutionForms.answer(NAME, challenge));
    }

    /// The whole institution authentication.
    static void enter(NationalCard card) {
        present(card);
        card.authenticate(answer(card.challenge()));
    }
}
