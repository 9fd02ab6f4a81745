package org.mizuhiki.javacard;

/// One command and its answer, as the card's input and output see them.
public interface Exchange {
    /// The buffer all applets share; it holds the five bytes of the header at first.
    byte[] buffer();

    /// How many bytes of data the command carries.
    int lc();

    /// How many bytes of answer the terminal takes, 0 when it did not ask for any.
    int le();

    /// Whether the command came in the extended form of ISO 7816-4.
    boolean extended();

    /// Copies the next bytes of the command's data into the buffer.
    ///
    /// @return how many; 0 at the end
    int receive(int offset);

    void send(byte[] source, int offset, int length);
}
