package org.mizuhiki.applets.terminal;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;

/// Unsigned numbers of 64 bits in byte arrays: a card has no larger type than `short`.
final class Counter {
    static final short SIZE = 8;

    private Counter() {}

    /// Refuses to wrap: a count that came again would make two stamps look like one.
    static void next(byte[] number, short offset) {
        boolean full = true;
        for (short i = 0; i < SIZE; i++) {
            full &= number[(short) (offset + i)] == (byte) 0xff;
        }
        if (full) {
            ISOException.throwIt(ISO7816.SW_FILE_FULL);
        }
        short at = (short) (offset + SIZE - 1);
        number[at]++;
        while (number[at] == 0) {
            at--;
            number[at]++;
        }
    }

    static boolean isLater(byte[] left, short l, byte[] right, short r) {
        for (short i = 0; i < SIZE; i++) {
            short x = (short) (left[(short) (l + i)] & 0xff);
            short y = (short) (right[(short) (r + i)] & 0xff);
            if (x != y) {
                return x > y;
            }
        }
        return false;
    }
}
