package org.mizuhiki.applets.ekey;

import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.Util;
import javacard.security.ECPublicKey;
import org.mizuhiki.applets.curve.Curve;

/// The applet: which commands there are, in which state of the chip, of which lengths. Everything is
/// allocated when it is installed.
///
/// Installation parameters: the manufacturer's P-256 point (65), the number of service slots (1).
public final class EKey extends Applet {
    private static final byte CLA = (byte) 0x80;
    private static final byte CLA_MORE = (byte) 0x90;
    private static final byte VERIFY = 0x20;
    private static final byte SIGN = 0x2a;
    static final byte INSTALL = 0x30;
    static final byte DELETE = 0x32;
    static final byte CONTROL = 0x34;
    private static final byte RECEIPT = 0x36;
    private static final byte STAGE = 0x44;
    private static final byte GENERATE = 0x46;
    private static final byte PUBLIC_KEYS = 0x47;
    private static final byte STORE = 0x48;
    private static final byte PPK = 0x4a;
    private static final byte CLEAR = 0x4c;
    private static final byte PROVE = (byte) 0x88;
    private static final byte READ = (byte) 0xb0;
    private static final byte STATE = (byte) 0xca;

    private static final byte BLANK = 0;
    private static final byte PERSONALISED = 1;
    private static final byte MOST_SERVICES = 16;
    private static final short NONCE = 32;

    private final Chip chip;
    private final Management management;
    private final Storage storage;
    private byte life = BLANK;

    private EKey(byte[] parameters, short offset) {
        byte services = parameters[(short) (offset + Slot.POINT)];
        if (services < 1 || services > MOST_SERVICES) {
            ISOException.throwIt(ISO7816.SW_WRONG_DATA);
        }
        Curve curve = new Curve();
        ECPublicKey manufacturer = curve.publicKey();
        manufacturer.setW(parameters, offset, Slot.POINT);
        chip = new Chip(curve, services);
        management = new Management(chip, curve);
        storage = new Storage(chip, manufacturer);
    }

    public static void install(byte[] all, short offset, byte length) {
        short aid = offset;
        short control = (short) (aid + all[aid] + 1);
        short data = (short) (control + all[control] + 1);
        if (all[data] != (byte) (Slot.POINT + 1)) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        new EKey(all, (short) (data + 1)).register(all, (short) (aid + 1), all[aid]);
    }

    @Override
    public void deselect() {
        chip.close();
    }

    @Override
    public void process(APDU apdu) {
        if (selectingApplet()) {
            chip.close();
            return;
        }
        byte[] b = apdu.getBuffer();
        byte ins = b[ISO7816.OFFSET_INS];
        byte cla = b[ISO7816.OFFSET_CLA];
        if (cla != CLA && (cla != CLA_MORE || ins != SIGN)) {
            ISOException.throwIt(ISO7816.SW_CLA_NOT_SUPPORTED);
        }
        short length = apdu.setIncomingAndReceive();
        short answer = life == BLANK ? blank(ins, b, length) : personalised(ins, b, length, cla == CLA_MORE);
        if (answer > 0) {
            apdu.setOutgoingAndSend((short) 0, answer);
        }
    }

    private short blank(byte ins, byte[] b, short length) {
        switch (ins) {
            case STATE:
                return state(b, length);
            case STAGE:
                return storage.stageInformation(b, length);
            case STORE:
                storage.storeInformation(b, length, management);
                // last, and alone: before it the chip is blank, whatever was written
                life = PERSONALISED;
                return 0;
            default:
                ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
                return 0;
        }
    }

    private short personalised(byte ins, byte[] b, short length, boolean more) {
        if (ins != SIGN) {
            chip.endSigning();
        }
        switch (ins) {
            case STATE:
                return state(b, length);
            case PROVE:
                return prove(b, length);
            case INSTALL:
            case DELETE:
            case CONTROL:
                return management.order(b, length);
            case RECEIPT:
                expect(length, (short) 0);
                return management.receipt(b);
            case VERIFY:
                return chip.verify(b, length);
            case STAGE:
                return storage.stage(b, length);
            case STORE:
                return storage.store(b, length);
            case READ:
                return storage.read(b, length);
            default:
                return withKey(ins, b, length, more);
        }
    }

    private short withKey(byte ins, byte[] b, short length, boolean more) {
        switch (ins) {
            case GENERATE:
                expect(length, (short) 0);
                chip.open(b).generate();
                return chip.publicKeys(chip.open(b), b);
            case PUBLIC_KEYS:
                expect(length, (short) 0);
                return chip.publicKeys(chip.keyed(b), b);
            case SIGN:
                return chip.sign(chip.keyed(b), b, length, more);
            case PPK:
                expect(length, (short) 0);
                return storage.ppk(chip.keyed(b), b);
            case CLEAR:
                expect(length, (short) 0);
                chip.open(b).clear();
                return 0;
            default:
                ISOException.throwIt(ISO7816.SW_INS_NOT_SUPPORTED);
                return 0;
        }
    }

    static void expect(short length, short expected) {
        if (length != expected) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
    }

    /// `life ‖ chip(32) ‖ identity key(65) ‖ state of each slot`, slot 0 first; bit 8: suspended.
    private short state(byte[] b, short length) {
        expect(length, (short) 0);
        b[0] = life;
        short at = chip.forms.chip(b, (short) 1);
        at += ((ECPublicKey) chip.identity.getPublic()).getW(b, at);
        for (short i = 0; i < (short) chip.slots.length; i++) {
            Slot slot = (Slot) chip.slots[i];
            b[at] = (byte) (slot.state | (slot.suspended ? 0x80 : 0));
            at++;
        }
        return at;
    }

    /// INTERNAL AUTHENTICATE of tier 1: the chip proves that it is itself, whose key lies in a slot, and
    /// for which service: signs `nonce(32) ‖ slot ‖ point of the slot's key, or zeros ‖ service's name(16)`,
    /// zeros for the device itself.
    private short prove(byte[] b, short length) {
        expect(length, NONCE);
        byte number = b[ISO7816.OFFSET_P1];
        Slot slot = number == 0 ? (Slot) chip.slots[0] : chip.open(b);
        short at = (short) (ISO7816.OFFSET_CDATA + NONCE);
        b[at] = number;
        at++;
        if (slot.state >= Slot.KEYED) {
            ((ECPublicKey) slot.signing.getPublic()).getW(b, at);
        } else {
            Util.arrayFillNonAtomic(b, at, Slot.POINT, (byte) 0);
        }
        Util.arrayCopyNonAtomic(slot.name, (short) 0, b, (short) (at + Slot.POINT), Slot.NAME);
        short content = (short) (NONCE + 1 + Slot.POINT + Slot.NAME);
        return chip.forms.speak(Forms.IDENTITY, chip.identity, b, ISO7816.OFFSET_CDATA, content, b, (short) 0);
    }
}
