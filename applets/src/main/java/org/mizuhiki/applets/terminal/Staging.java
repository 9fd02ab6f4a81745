package org.mizuhiki.applets.terminal;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;

/// What is too long for one command (a card's key, its signature, a sealed key) comes here first, piece by
/// piece. Nothing is believed for lying here.
final class Staging {
    private static final short SIZE = 512;

    final byte[] content = JCSystem.makeTransientByteArray(SIZE, JCSystem.CLEAR_ON_DESELECT);
    private final short[] filled = JCSystem.makeTransientShortArray((short) 1, JCSystem.CLEAR_ON_DESELECT);

    /// P1 and P2: where the piece goes. 0 begins anew, also with an empty piece; others must follow what
    /// is there.
    void take(byte[] b, short length) {
        short at = Util.getShort(b, ISO7816.OFFSET_P1);
        if (length == 0 && at != 0) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        if (at != 0 && at != filled[0]) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        if ((short) (at + length) > SIZE) {
            ISOException.throwIt(ISO7816.SW_FILE_FULL);
        }
        Util.arrayCopyNonAtomic(b, ISO7816.OFFSET_CDATA, content, at, length);
        filled[0] = (short) (at + length);
    }

    short length() {
        return filled[0];
    }

    void expect(short length) {
        if (filled[0] != length) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
    }

    void clear() {
        filled[0] = 0;
    }
}
