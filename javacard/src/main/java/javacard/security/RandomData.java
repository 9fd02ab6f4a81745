package javacard.security;

import org.mizuhiki.javacard.Machine;

/// True randomness: the die that was handed to the card. A seed is taken note of by nobody.
public final class RandomData {
    public static final byte ALG_SECURE_RANDOM = 2;

    private RandomData() {}

    public static RandomData getInstance(byte algorithm) {
        if (algorithm != ALG_SECURE_RANDOM) {
            throw new CryptoException(CryptoException.NO_SUCH_ALGORITHM);
        }
        return new RandomData();
    }

    public void generateData(byte[] buffer, short offset, short length) {
        if (length < 1) {
            throw new CryptoException(CryptoException.ILLEGAL_VALUE);
        }
        var random = new byte[length];
        var machine = Machine.current();
        machine.die().nextBytes(random);
        machine.memory().copyApart(random, 0, buffer, offset, length);
    }

    public void setSeed(byte[] buffer, short offset, short length) {
        java.util.Objects.checkFromIndexSize(offset, length, buffer.length);
    }
}
