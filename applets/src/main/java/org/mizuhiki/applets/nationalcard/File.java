package org.mizuhiki.applets.nationalcard;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.Util;

/// A transparent file (ISO 7816-4): put in at personalisation, in pieces, and never written again.
final class File {
    private final byte[] content;
    private short length;

    File(short size) {
        content = new byte[size];
    }

    /// Pieces follow one another; offset 0 begins anew.
    void write(short offset, byte[] b, short at, short piece) {
        if (offset != 0 && offset != length) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        if (piece > (short) (content.length - offset)) {
            ISOException.throwIt(ISO7816.SW_FILE_FULL);
        }
        Util.arrayCopyNonAtomic(b, at, content, offset, piece);
        length = (short) (offset + piece);
    }

    boolean isEmpty() {
        return length == 0;
    }

    /// Copies what there is from the offset on, at most so much.
    ///
    /// @return how much
    short read(short offset, short most, byte[] target) {
        if (offset < 0 || offset >= length) {
            ISOException.throwIt(ISO7816.SW_WRONG_P1P2);
        }
        short left = (short) (length - offset);
        short piece = left > most ? most : left;
        Util.arrayCopyNonAtomic(content, offset, target, (short) 0, piece);
        return piece;
    }

    /// Whether these bytes occur in it: a certificate must be for the key that lies beside it.
    boolean holds(byte[] part, short size) {
        for (short i = 0; i <= (short) (length - size); i++) {
            if (content[i] == part[0] && Util.arrayCompare(content, i, part, (short) 0, size) == 0) {
                return true;
            }
        }
        return false;
    }
}
