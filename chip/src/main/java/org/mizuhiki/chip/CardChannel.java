package org.mizuhiki.chip;

/// A line to a card, as ISO 7816-4 speaks over it: the card of the house today, a reader's tomorrow.
public interface CardChannel extends AutoCloseable {
    /// @return answer and status word
    /// @throws org.mizuhiki.house.Refusal `card-silent` when the card does not answer any more
    byte[] transmit(byte... command);

    /// Power off and on.
    void reset();

    @Override
    void close();
}
