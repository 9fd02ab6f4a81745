package javacard.framework;

import java.util.Arrays;
import org.mizuhiki.javacard.Machine;

public final class Util {
    private Util() {}

    public static short arrayCopy(byte[] src, short srcOff, byte[] dest, short destOff, short length) {
        Machine.current().memory().copy(src, srcOff, dest, destOff, length);
        return (short) (destOff + length);
    }

    public static short arrayCopyNonAtomic(byte[] src, short srcOff, byte[] dest, short destOff, short length) {
        Machine.current().memory().copyApart(src, srcOff, dest, destOff, length);
        return (short) (destOff + length);
    }

    public static short arrayFillNonAtomic(byte[] bArray, short bOff, short bLen, byte bValue) {
        var fill = new byte[bLen];
        Arrays.fill(fill, bValue);
        Machine.current().memory().copyApart(fill, 0, bArray, bOff, bLen);
        return (short) (bOff + bLen);
    }

    /// Always looks at all bytes: what is compared on a card is often a secret.
    public static byte arrayCompare(byte[] src, short srcOff, byte[] dest, short destOff, short length) {
        java.util.Objects.checkFromIndexSize(srcOff, length, src.length);
        java.util.Objects.checkFromIndexSize(destOff, length, dest.length);
        Machine.current().memory().spend(length);
        int result = 0;
        for (int i = length - 1; i >= 0; i--) {
            int difference = src[srcOff + i] - dest[destOff + i];
            int differs = (difference | -difference) >> 31;
            result = (differs & Integer.signum(difference)) | (~differs & result);
        }
        return (byte) result;
    }

    public static short makeShort(byte b1, byte b2) {
        return (short) ((b1 << 8) | (b2 & 0xff));
    }

    public static short getShort(byte[] bArray, short bOff) {
        return makeShort(bArray[bOff], bArray[bOff + 1]);
    }

    public static short setShort(byte[] bArray, short bOff, short sValue) {
        byte[] value = {(byte) (sValue >> 8), (byte) sValue};
        Machine.current().memory().copy(value, 0, bArray, bOff, 2);
        return (short) (bOff + 2);
    }
}
