package javacard.framework;

import java.security.MessageDigest;
import java.util.Arrays;
import org.mizuhiki.javacard.Machine;

public class OwnerPIN implements PIN {
    private final byte tryLimit;
    private final byte[] value;
    private byte length;
    private byte tries;
    /// Transient memory of one byte: the next reset of the card clears it.
    private final byte[] validated;

    @SuppressWarnings("unused") // revival from an image fills the fields
    private OwnerPIN() {
        tryLimit = 0;
        value = new byte[0];
        validated = new byte[0];
    }

    public OwnerPIN(byte tryLimit, byte maxPINSize) {
        if (tryLimit < 1 || maxPINSize < 1) {
            throw new PINException(PINException.ILLEGAL_VALUE);
        }
        this.tryLimit = tryLimit;
        this.tries = tryLimit;
        this.value = new byte[maxPINSize];
        this.validated = JCSystem.makeTransientByteArray((short) 1, JCSystem.CLEAR_ON_RESET);
    }

    @Override
    public byte getTriesRemaining() {
        return tries;
    }

    @Override
    public boolean check(byte[] pin, short offset, byte pinLength) {
        validated[0] = 0;
        if (tries == 0) {
            return false;
        }
        // the try is spent, for good, before anything is compared: a power cut during the comparison, however
        // well aimed, gains nothing; and no abort of a transaction gives it back
        var memory = Machine.current().memory();
        memory.writeThrough();
        tries--;
        memory.keepNow();
        var shown = new byte[value.length];
        // a PIN that was never set is nobody's
        boolean fits = pinLength == length && pinLength > 0 && pinLength <= value.length;
        if (fits) {
            System.arraycopy(pin, offset, shown, 0, pinLength);
        }
        boolean same = MessageDigest.isEqual(shown, value) && fits;
        Arrays.fill(shown, (byte) 0);
        if (same) {
            memory.writeThrough();
            tries = tryLimit;
            validated[0] = 1;
        }
        return same;
    }

    @Override
    public boolean isValidated() {
        return validated[0] != 0;
    }

    protected boolean getValidatedFlag() {
        return validated[0] != 0;
    }

    protected void setValidatedFlag(boolean flag) {
        validated[0] = (byte) (flag ? 1 : 0);
    }

    @Override
    public void reset() {
        validated[0] = 0;
    }

    public void update(byte[] pin, short offset, byte pinLength) {
        if (pinLength < 0 || pinLength > value.length) {
            throw new PINException(PINException.ILLEGAL_VALUE);
        }
        var next = new byte[value.length];
        System.arraycopy(pin, offset, next, 0, pinLength);
        byte[] before = value.clone();
        byte lengthBefore = length;
        byte triesBefore = tries;
        Machine.current().memory().write(value.length + 2, () -> {
            System.arraycopy(before, 0, value, 0, before.length);
            length = lengthBefore;
            tries = triesBefore;
        });
        System.arraycopy(next, 0, value, 0, next.length);
        Arrays.fill(next, (byte) 0);
        length = pinLength;
        tries = tryLimit;
        validated[0] = 0;
    }

    public void resetAndUnblock() {
        byte before = tries;
        Machine.current().memory().write(1, () -> tries = before);
        tries = tryLimit;
        validated[0] = 0;
    }
}
