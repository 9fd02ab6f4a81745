package org.mizuhiki.chip.purse;

import javacard.framework.AID;
import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.OwnerPIN;
import javacard.framework.Shareable;
import javacard.framework.Util;
import javacard.security.ECPublicKey;
import javacard.security.KeyPair;
import javacard.security.Signature;
import org.jspecify.annotations.Nullable;

/// Left and right always sum to zero; the last two movements are remembered.
public final class Purse extends Applet implements Balance {
    public static final byte MOVE = 1;
    public static final byte READ = 2;
    public static final byte VERIFY = 3;
    public static final byte KEY = 4;
    public static final byte SIGN = 5;
    public static final byte SCRATCH = 6;
    public static final byte ECHO = 7;
    public static final byte FAIL = 8;

    private final byte[] left = new byte[2];
    private short right;
    private @Nullable Movement last;
    private final OwnerPIN pin = new OwnerPIN((byte) 3, (byte) 4);
    private final KeyPair pair = new KeyPair(KeyPair.ALG_EC_FP, (short) 256);
    private final Signature signer = Signature.getInstance(Signature.ALG_ECDSA_SHA_256, false);
    private final byte[] session = JCSystem.makeTransientByteArray((short) 4, JCSystem.CLEAR_ON_DESELECT);
    private final short[] boot = JCSystem.makeTransientShortArray((short) 2, JCSystem.CLEAR_ON_RESET);

    static final class Movement {
        final short amount;
        final @Nullable Movement before;

        Movement(short amount, @Nullable Movement before) {
            this.amount = amount;
            this.before = before;
        }
    }

    private Purse(byte[] parameters, short offset) {
        pin.update(parameters, offset, (byte) 4);
        pair.genKeyPair();
    }

    public static void install(byte[] all, short offset, byte length) {
        short at = (short) (offset + all[offset] + 1);
        at += (short) (all[at] + 1);
        if (all[at] != 4) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        new Purse(all, (short) (at + 1)).register();
    }

    @Override
    public void process(APDU apdu) {
        if (selectingApplet()) {
            return;
        }
        byte[] b = apdu.getBuffer();
        switch (b[ISO7816.OFFSET_INS]) {
            case MOVE -> move(b);
            case READ -> read(apdu, b);
            case VERIFY -> verify(apdu, b);
            case KEY -> apdu.setOutgoingAndSend((short) 0, ((ECPublicKey) pair.getPublic()).getW(b, (short) 0));
            case SIGN -> sign(apdu, b);
            case SCRATCH -> {
                session[0]++;
                boot[0]++;
                b[0] = session[0];
                b[1] = (byte) boot[0];
                apdu.setOutgoingAndSend((short) 0, (short) 2);
            }
            case ECHO -> {
                short length = apdu.setIncomingAndReceive();
                apdu.setOutgoingAndSend(apdu.getOffsetCdata(), length);
            }
            case FAIL -> session[b[ISO7816.OFFSET_P1]] = 1;
            default -> ISOException.throwIt(ISO7816.SW_INS_NOT_SUPPORTED);
        }
    }

    /// P2: 0 commits, 1 aborts, 2 throws, 3 forgets to commit, 4 uses no transaction.
    private void move(byte[] b) {
        short amount = b[ISO7816.OFFSET_P1];
        byte how = b[ISO7816.OFFSET_P2];
        if (how != 4) {
            JCSystem.beginTransaction();
        }
        Util.setShort(left, (short) 0, (short) (Util.getShort(left, (short) 0) + amount));
        right -= amount;
        last = new Movement(amount, last == null ? null : new Movement(last.amount, null));
        if (how == 1) {
            JCSystem.abortTransaction();
        } else if (how == 2) {
            ISOException.throwIt((short) 0x6f55);
        } else if (how == 0) {
            JCSystem.commitTransaction();
        }
    }

    private void read(APDU apdu, byte[] b) {
        Util.arrayCopyNonAtomic(left, (short) 0, b, (short) 0, (short) 2);
        Util.setShort(b, (short) 2, right);
        Movement newest = last;
        b[4] = newest == null ? 0 : (byte) newest.amount;
        b[5] = newest == null || newest.before == null ? 0 : (byte) newest.before.amount;
        apdu.setOutgoingAndSend((short) 0, (short) 6);
    }

    private void verify(APDU apdu, byte[] b) {
        short length = apdu.setIncomingAndReceive();
        if (!pin.check(b, ISO7816.OFFSET_CDATA, (byte) length)) {
            ISOException.throwIt((short) (0x63c0 | pin.getTriesRemaining()));
        }
    }

    private void sign(APDU apdu, byte[] b) {
        if (!pin.isValidated()) {
            ISOException.throwIt(ISO7816.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
        short length = apdu.setIncomingAndReceive();
        signer.init(pair.getPrivate(), Signature.MODE_SIGN);
        short size = signer.sign(b, ISO7816.OFFSET_CDATA, length, b, (short) 0);
        apdu.setOutgoingAndSend((short) 0, size);
    }

    @Override
    public @Nullable Shareable getShareableInterfaceObject(AID clientAID, byte parameter) {
        return parameter == 7 ? this : null;
    }

    @Override
    public short balance() {
        return right;
    }

    @Override
    public void write(byte[] target) {
        Util.setShort(target, (short) 0, right);
    }

    @Override
    public byte[] ledger() {
        return left;
    }
}
