package org.mizuhiki.chip;

import java.util.List;
import org.mizuhiki.chip.card.Card;
import org.mizuhiki.chip.card.LoadFile;

/// A line to a card whose power the test holds.
record CardLine(Card card) implements CardChannel {
    static final LoadFile CURVE =
            LoadFile.fromClassPath("org.mizuhiki.applets.curve", List.of("Curve", "Unsealing"), List.of());
    static final LoadFile EKEY =
            LoadFile.fromClassPath(Programs.EKEY.packageName(), Programs.EKEY.classes(), List.of(CURVE));

    private static final LoadFile TICKS =
            LoadFile.fromClassPath("org.mizuhiki.applets.ticks", List.of("Ticks"), List.of());
    static final LoadFile TERMINAL =
            LoadFile.fromClassPath(Programs.TERMINAL.packageName(), Programs.TERMINAL.classes(), List.of(CURVE, TICKS));

    /// A card with a new terminal's element.
    static CardLine terminal(int quota) {
        var card = new Card(Cards.DIE, Card.FORGETFUL);
        card.install(
                TERMINAL,
                Programs.TERMINAL.applet(),
                Programs.TERMINAL.aid().toArray(),
                TerminalElement.parameters(Reception.SERVICE.getPublic(), quota).toArray());
        return new CardLine(card);
    }

    static CardLine revivedTerminal(byte[] image) {
        return new CardLine(Card.revive(image, List.of(TERMINAL), Cards.DIE, Card.FORGETFUL));
    }

    static CardLine blank() {
        var card = new Card(Cards.DIE, Card.FORGETFUL);
        card.install(
                EKEY,
                Programs.EKEY.applet(),
                Programs.EKEY.aid().toArray(),
                EKey.parameters(Factory.MANUFACTURER.getPublic(), 3).toArray());
        return new CardLine(card);
    }

    static CardLine revived(byte[] image) {
        return new CardLine(Card.revive(image, List.of(EKEY), Cards.DIE, Card.FORGETFUL));
    }

    @Override
    public byte[] transmit(byte... command) {
        return card.transmit(command);
    }

    @Override
    public void reset() {
        card.reset();
    }

    @Override
    public void close() {}
}
