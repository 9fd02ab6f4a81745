package org.mizuhiki.applets.ekey;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.ECPublicKey;
import org.mizuhiki.applets.curve.Curve;

/// What comes onto the chip and goes, by whom: the manager's key, which the manufacturer named in the signed
/// information; and of a service that is there, whether it stays, by its own provider's key too.
///
/// Orders may come from far away and wait on their way. Each has a number, one more than the last that was
/// carried out: none is carried out twice, before another, or after one that was left out. What became of
/// the last one the chip says, signed, as often as it is asked.
///
/// An order: `number(4) ‖ body ‖ code(16) where the slot gets one ‖ signature`.
///
/// | INS | P2 | body | code |
/// |---|---|---|---|
/// | install, the device itself | 0 | – | yes |
/// | install, a service | 0 | `provider's point(65) ‖ name(16)` | yes |
/// | delete | 0 | `name(16)` | – |
/// | control | suspend 1, resume 2 | `name(16)` | – |
/// | control | unblock 3 | `name(16)` | yes |
///
/// What its manager suspended goes on when its manager says so, and not by its provider's word.
final class Management {
    static final short NUMBER = 4;
    private static final byte SUSPEND = 1;
    private static final byte RESUME = 2;
    private static final byte UNBLOCK = 3;
    private static final short SHORTEST_SIGNATURE = 8;
    private static final short DIGEST = 32;
    private static final short AT_COMMAND = NUMBER;
    private static final short AT_DIGEST = (short) (AT_COMMAND + 3);
    private static final short AT_STATUS = (short) (AT_DIGEST + DIGEST);
    private static final short RECORD = (short) (AT_STATUS + 2);
    private static final short DONE = ISO7816.SW_NO_ERROR;
    /// "File already exists" (ISO 7816-4).
    private static final short EXISTS = (short) 0x6a89;

    private final Chip chip;
    private final ECPublicKey manager;
    /// Of the last order: `number(4) ‖ INS ‖ P1 ‖ P2 ‖ SHA-256 of the body ‖ status(2)`.
    private final byte[] record = new byte[RECORD];
    private final byte[] next = JCSystem.makeTransientByteArray(RECORD, JCSystem.CLEAR_ON_DESELECT);

    Management(Chip chip, Curve curve) {
        this.chip = chip;
        manager = curve.publicKey();
    }

    /// In the transaction of the personalisation.
    void name(byte[] information) {
        manager.setW(information, (short) 0, Slot.POINT);
    }

    /// Carries out an order, or finds that it cannot be; either way it is the last one now. Answers as
    /// [#receipt] does.
    short order(byte[] b, short length) {
        // 1. its form
        short body = (short) (ISO7816.OFFSET_CDATA + NUMBER);
        short bodyLength = bodyLength(b);
        short code = (short) (body + bodyLength);
        short signature = (short) (code + (givesCode(b) ? Slot.CODE : 0));
        short size = (short) (ISO7816.OFFSET_CDATA + length - signature);
        if (size < SHORTEST_SIGNATURE) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        // 2. its turn, and whose it is: whoever may not order anything cannot use up a number either
        if (!isNext(b)) {
            ISOException.throwIt(ISO7816.SW_DATA_INVALID);
        }
        boolean managers = chip.forms.isOrder(manager, b, body, bodyLength, signature, size);
        if (!managers
                && !(isProvidersToo(b)
                        && chip.forms.isOrder(chip.slot(b).provider, b, body, bodyLength, signature, size))) {
            ISOException.throwIt(ISO7816.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
        // 3. what stands against it: a slot that is not there too, else one slip would stop all that wait
        short status = chip.hasSlot(b) ? status(b, chip.slot(b), body, managers) : ISO7816.SW_INCORRECT_P1P2;
        // 4. what it wants and the record of it, together or not at all
        note(b, body, bodyLength, status);
        if (status == DONE) {
            carryOut(b, chip.slot(b), body, code, managers);
        } else {
            JCSystem.beginTransaction();
            keepRecord();
            JCSystem.commitTransaction();
        }
        return receipt(b);
    }

    private void carryOut(byte[] b, Slot slot, short body, short code, boolean managers) {
        boolean goes = b[ISO7816.OFFSET_INS] == EKey.DELETE;
        if (goes) {
            chip.close();
        } else if (slot.state == Slot.FREE) {
            slot.wipe(); // the power may have ended while the service before was wiped
        }
        JCSystem.beginTransaction();
        apply(b, slot, body, code, managers);
        keepRecord();
        JCSystem.commitTransaction();
        if (goes) {
            slot.wipe();
        }
    }

    private void keepRecord() {
        Util.arrayCopy(next, (short) 0, record, (short) 0, RECORD);
    }

    private static short bodyLength(byte[] b) {
        byte ins = b[ISO7816.OFFSET_INS];
        byte what = b[ISO7816.OFFSET_P2];
        boolean known = ins == EKey.CONTROL ? what >= SUSPEND && what <= UNBLOCK : what == 0;
        boolean device = b[ISO7816.OFFSET_P1] == 0;
        if (!known || (device && ins != EKey.INSTALL && what != UNBLOCK)) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        if (ins != EKey.INSTALL) {
            return Slot.NAME;
        }
        return device ? 0 : (short) (Slot.POINT + Slot.NAME);
    }

    private static boolean givesCode(byte[] b) {
        return b[ISO7816.OFFSET_INS] == EKey.INSTALL || b[ISO7816.OFFSET_P2] == UNBLOCK;
    }

    private boolean isNext(byte[] b) {
        short low = (short) (Util.getShort(record, (short) 2) + 1);
        short high = Util.getShort(record, (short) 0);
        if (low == 0) {
            high++;
        }
        return Util.getShort(b, ISO7816.OFFSET_CDATA) == high
                && Util.getShort(b, (short) (ISO7816.OFFSET_CDATA + 2)) == low;
    }

    /// A provider may hold back, let go on and take away what is its own.
    private boolean isProvidersToo(byte[] b) {
        return b[ISO7816.OFFSET_P1] != 0
                && b[ISO7816.OFFSET_INS] != EKey.INSTALL
                && b[ISO7816.OFFSET_P2] != UNBLOCK
                && chip.hasSlot(b)
                && chip.slot(b).state != Slot.FREE;
    }

    private static boolean resumes(byte[] b) {
        return b[ISO7816.OFFSET_INS] == EKey.CONTROL && b[ISO7816.OFFSET_P2] == RESUME;
    }

    private short status(byte[] b, Slot slot, short body, boolean managers) {
        if (b[ISO7816.OFFSET_INS] != EKey.INSTALL) {
            boolean its = Util.arrayCompare(b, body, slot.name, (short) 0, Slot.NAME) == 0;
            if (slot.state == Slot.FREE || !its) {
                return ISO7816.SW_CONDITIONS_NOT_SATISFIED;
            }
            return resumes(b) && slot.heldByManager && !managers ? ISO7816.SW_COMMAND_NOT_ALLOWED : DONE;
        }
        if (b[ISO7816.OFFSET_P1] == 0) {
            return DONE;
        }
        if (slot.state != Slot.FREE) {
            return ISO7816.SW_CONDITIONS_NOT_SATISFIED;
        }
        for (short i = 1; i < (short) chip.slots.length; i++) {
            Slot other = (Slot) chip.slots[i];
            boolean same = Util.arrayCompare(b, (short) (body + Slot.POINT), other.name, (short) 0, Slot.NAME) == 0;
            if (other.state != Slot.FREE && same) {
                return EXISTS;
            }
        }
        return DONE;
    }

    private void note(byte[] b, short body, short bodyLength, short status) {
        Util.arrayCopyNonAtomic(b, ISO7816.OFFSET_CDATA, next, (short) 0, NUMBER);
        Util.arrayCopyNonAtomic(b, ISO7816.OFFSET_INS, next, AT_COMMAND, (short) 3);
        chip.sha.doFinal(b, body, bodyLength, next, AT_DIGEST);
        Util.setShort(next, AT_STATUS, status);
    }

    private static void apply(byte[] b, Slot slot, short body, short code, boolean managers) {
        if (givesCode(b)) {
            slot.code.update(b, code, Slot.CODE);
        }
        if (b[ISO7816.OFFSET_INS] == EKey.DELETE) {
            slot.empty();
        } else if (b[ISO7816.OFFSET_INS] == EKey.CONTROL) {
            if (b[ISO7816.OFFSET_P2] != UNBLOCK) {
                slot.suspended = b[ISO7816.OFFSET_P2] == SUSPEND;
                slot.heldByManager = slot.suspended && (managers || slot.heldByManager);
            }
        } else if (b[ISO7816.OFFSET_P1] != 0) {
            slot.provider.setW(b, body, Slot.POINT);
            Util.arrayCopy(b, (short) (body + Slot.POINT), slot.name, (short) 0, Slot.NAME);
            slot.state = Slot.INSTALLED;
        }
    }

    /// The record of the last order, and the chip's signature over it; zeros before the first.
    short receipt(byte[] b) {
        Util.arrayCopyNonAtomic(record, (short) 0, b, (short) 0, RECORD);
        short signed = chip.forms.speak(Forms.RECEIPT, chip.identity, b, (short) 0, RECORD, b, RECORD);
        return (short) (RECORD + signed);
    }
}
