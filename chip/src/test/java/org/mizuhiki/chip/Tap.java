package org.mizuhiki.chip;

import java.util.function.Consumer;

/// A line to a card on which somebody else sits, and does something before a command gets through.
record Tap(CardLine line, Consumer<byte[]> before) implements CardChannel {
    @Override
    public byte[] transmit(byte... command) {
        before.accept(command);
        return line.transmit(command);
    }

    @Override
    public void reset() {
        line.reset();
    }

    @Override
    public void close() {}
}
