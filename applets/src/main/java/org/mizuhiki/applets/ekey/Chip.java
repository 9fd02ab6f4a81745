package org.mizuhiki.applets.ekey;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.security.ECPublicKey;
import javacard.security.KeyPair;
import javacard.security.MessageDigest;
import javacard.security.Signature;
import org.mizuhiki.applets.curve.Curve;

/// What is on the chip: its identity, made at installation and never again, and the slots; and which slot
/// is open. Only one is open at a time, to whoever shows its code.
final class Chip {
    private static final byte FINAL = 0;
    private static final byte OPEN = 0;
    private static final byte SIGNING = 1;
    private static final short SHORTEST_BEGINNING = 8;

    final KeyPair identity;
    final Object[] slots;
    final Forms forms = new Forms();
    final MessageDigest sha = MessageDigest.getInstance(MessageDigest.ALG_SHA_256, false);
    private final Signature signer = Signature.getInstance(Signature.ALG_ECDSA_SHA_256, false);
    /// Number of the open slot and of the one that is signing, each plus one.
    private final byte[] session = JCSystem.makeTransientByteArray((short) 2, JCSystem.CLEAR_ON_DESELECT);

    Chip(Curve curve, byte services) {
        identity = curve.pair();
        identity.genKeyPair();
        byte[] point = new byte[Slot.POINT];
        ((ECPublicKey) identity.getPublic()).getW(point, (short) 0);
        byte[] digest = new byte[Forms.CHIP];
        sha.doFinal(point, (short) 0, Slot.POINT, digest, (short) 0);
        forms.name(digest);
        slots = new Object[(short) (services + 1)];
        for (short i = 0; i < (short) slots.length; i++) {
            slots[i] = new Slot(curve);
        }
        ((Slot) slots[0]).state = Slot.INSTALLED;
    }

    Slot slot(byte[] b) {
        if (!hasSlot(b)) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        return (Slot) slots[b[ISO7816.OFFSET_P1]];
    }

    boolean hasSlot(byte[] b) {
        byte number = b[ISO7816.OFFSET_P1];
        return number >= 0 && number < (short) slots.length;
    }

    /// VERIFY: opens a slot and closes the one that was open. Without data it tells the tries.
    short verify(byte[] b, short length) {
        Slot slot = slot(b);
        close();
        if (slot.state == Slot.FREE) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        if (length == 0) {
            ISOException.throwIt((short) (0x63c0 | slot.code.getTriesRemaining()));
        }
        EKey.expect(length, Slot.CODE);
        if (slot.code.getTriesRemaining() == 0) {
            ISOException.throwIt(ISO7816.SW_FILE_INVALID);
        }
        if (!slot.code.check(b, ISO7816.OFFSET_CDATA, Slot.CODE)) {
            ISOException.throwIt((short) (0x63c0 | slot.code.getTriesRemaining()));
        }
        session[OPEN] = (byte) (b[ISO7816.OFFSET_P1] + 1);
        return 0;
    }

    void close() {
        session[OPEN] = 0;
        session[SIGNING] = 0;
        for (short i = 0; i < (short) slots.length; i++) {
            ((Slot) slots[i]).code.reset();
        }
    }

    /// The slot that the command names, if whoever speaks has opened it.
    Slot open(byte[] b) {
        Slot slot = slot(b);
        if (session[OPEN] != (byte) (b[ISO7816.OFFSET_P1] + 1) || !slot.code.isValidated()) {
            ISOException.throwIt(ISO7816.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
        if (slot.suspended) {
            ISOException.throwIt(ISO7816.SW_COMMAND_NOT_ALLOWED);
        }
        return slot;
    }

    Slot keyed(byte[] b) {
        Slot slot = open(b);
        if (slot.state < Slot.KEYED) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        return slot;
    }

    /// Signing key's point, then agreement key's.
    short publicKeys(Slot slot, byte[] b) {
        ((ECPublicKey) slot.signing.getPublic()).getW(b, (short) 0);
        ((ECPublicKey) slot.agreement.getPublic()).getW(b, Slot.POINT);
        return (short) (2 * Slot.POINT);
    }

    /// ECDSA over content of any length, in commands that are chained; P2 is 0 in the first and 1 in the
    /// others. Content that begins like a form of the chip is refused, else a service could have the chip's
    /// own words signed.
    short sign(Slot slot, byte[] b, short length, boolean more) {
        byte number = (byte) (b[ISO7816.OFFSET_P1] + 1);
        if (b[ISO7816.OFFSET_P2] == FINAL) {
            if (more && length < SHORTEST_BEGINNING) {
                ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
            }
            if (forms.isForm(b, ISO7816.OFFSET_CDATA, length)) {
                ISOException.throwIt(ISO7816.SW_WRONG_DATA);
            }
            signer.init(slot.signing.getPrivate(), Signature.MODE_SIGN);
            session[SIGNING] = number;
        } else if (b[ISO7816.OFFSET_P2] != 1) {
            endSigning();
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        } else if (session[SIGNING] != number) {
            endSigning();
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        if (more) {
            signer.update(b, ISO7816.OFFSET_CDATA, length);
            return 0;
        }
        session[SIGNING] = 0;
        return signer.sign(b, ISO7816.OFFSET_CDATA, length, b, (short) 0);
    }

    void endSigning() {
        session[SIGNING] = 0;
    }
}
