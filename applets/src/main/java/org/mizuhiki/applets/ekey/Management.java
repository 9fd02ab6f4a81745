package org.mizuhiki.applets.ekey;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.ECPublicKey;
import org.mizuhiki.applets.curve.Curve;

/// What comes onto the chip and goes, by whom: the manager's key, which the manufacturer named in the signed
/// information. Every command carries its signature over a challenge of the chip.
final class Management {
    private static final byte SUSPEND = 1;
    private static final byte UNBLOCK = 3;
    private static final short SHORTEST_SIGNATURE = 8;

    private final Chip chip;
    private final ECPublicKey manager;

    Management(Chip chip, Curve curve) {
        this.chip = chip;
        manager = curve.publicKey();
    }

    /// In the transaction of the personalisation.
    void name(byte[] information) {
        manager.setW(information, (short) 0, Slot.POINT);
    }

    private void check(byte[] b, short length, short body) {
        if (length < (short) (body + SHORTEST_SIGNATURE)) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        chip.forms.checkManager(manager, b, ISO7816.OFFSET_CDATA, body, (short) (length - body));
    }

    /// Slot 0: `code(16)`, the device's own. Others: `provider's point(65) ‖ name(16) ‖ code(16)`.
    short install(byte[] b, short length) {
        Slot slot = chip.slot(b);
        boolean device = b[ISO7816.OFFSET_P1] == 0;
        check(b, length, device ? Slot.CODE : (short) (Slot.POINT + Slot.NAME + Slot.CODE));
        short at = ISO7816.OFFSET_CDATA;
        if (device) {
            slot.code.update(b, at, Slot.CODE);
            return 0;
        }
        if (slot.state != Slot.FREE) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        slot.wipe();
        JCSystem.beginTransaction();
        slot.provider.setW(b, at, Slot.POINT);
        Util.arrayCopy(b, (short) (at + Slot.POINT), slot.name, (short) 0, Slot.NAME);
        slot.code.update(b, (short) (at + Slot.POINT + Slot.NAME), Slot.CODE);
        slot.state = Slot.INSTALLED;
        JCSystem.commitTransaction();
        return 0;
    }

    short delete(byte[] b, short length) {
        Slot slot = service(b);
        check(b, length, (short) 0);
        chip.close();
        JCSystem.beginTransaction();
        slot.empty();
        JCSystem.commitTransaction();
        slot.wipe();
        return 0;
    }

    /// P2: suspend, 2 to resume, or unblock with a new `code(16)`.
    short control(byte[] b, short length) {
        byte what = b[ISO7816.OFFSET_P2];
        if (what < SUSPEND || what > UNBLOCK) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        Slot slot = what == UNBLOCK ? chip.slot(b) : service(b);
        check(b, length, what == UNBLOCK ? Slot.CODE : (short) 0);
        if (slot.state == Slot.FREE) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        if (what == UNBLOCK) {
            slot.code.update(b, ISO7816.OFFSET_CDATA, Slot.CODE);
        } else {
            slot.suspended = what == SUSPEND;
        }
        return 0;
    }

    private Slot service(byte[] b) {
        if (b[ISO7816.OFFSET_P1] == 0) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        return chip.slot(b);
    }
}
