package javacard.framework;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.javacard.Machine;

public final class AID {
    private final byte[] value;

    @SuppressWarnings("unused") // revival from an image fills the field
    private AID() {
        value = new byte[0];
    }

    public AID(byte[] bArray, short offset, byte length) {
        if (length < 5 || length > 16) {
            throw new SystemException(SystemException.ILLEGAL_VALUE);
        }
        value = Arrays.copyOfRange(bArray, offset, offset + length);
    }

    public byte getBytes(byte[] dest, short offset) {
        Machine.current().memory().copy(value, 0, dest, offset, value.length);
        return (byte) value.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AID aid && Arrays.equals(value, aid.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    public boolean equals(byte[] bArray, short offset, byte length) {
        return length == value.length && Arrays.equals(value, 0, length, bArray, offset, offset + length);
    }

    public boolean partialEquals(byte[] bArray, short offset, byte length) {
        return length <= value.length && Arrays.equals(value, 0, length, bArray, offset, offset + length);
    }

    public boolean RIDEquals(AID other) {
        return Arrays.equals(value, 0, 5, other.value, 0, 5);
    }
}
