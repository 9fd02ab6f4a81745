package org.mizuhiki.applets.ekey;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.ECPublicKey;
import org.mizuhiki.applets.curve.Unsealing;

/// Who may write and read what.
///
/// | object | written by | read by |
/// |---|---|---|
/// | device information, and its signature | manufacturer, once | anybody |
/// | name and provider of a service | manager | anybody |
/// | device certificate | whoever opened slot 0 | anybody |
/// | certificate of a service | whoever opened the slot | the same |
/// | connection information | provider (signed, later version), slot open | whoever opened the slot |
/// | sealed PPK | provider (signed, later version), slot open | nobody; opened for whoever opened the slot |
///
/// Objects come in pieces into a staging array and are stored whole or not at all.
final class Storage {
    private static final short MARK = 0;
    private static final short FOR = 1;
    private static final byte INFORMATION = 0;
    /// The manufacturer's signature: with it anybody sees whose the chip is.
    private static final byte ORIGIN = 4;
    /// Name and provider of a slot.
    private static final byte SERVICE = 5;
    private static final short OFFSET = 2;
    private static final short HASH = 32;
    private static final short VERSION = 4;
    private static final short SHORTEST_SIGNATURE = 8;
    private static final short LONGEST_SIGNATURE = 72;
    private static final short PIECE = 256;

    private final Chip chip;
    private final ECPublicKey manufacturer;
    private final Unsealing unsealing = new Unsealing();
    private final byte[] information = new byte[Slot.OBJECT];
    private byte[] staging = new byte[Slot.OBJECT];
    private short informationLength;
    private final byte[] origin = new byte[LONGEST_SIGNATURE];
    private short originLength;
    /// How far the staging array is filled, and for what: P1 and P2.
    private final short[] staged = JCSystem.makeTransientShortArray((short) 2, JCSystem.CLEAR_ON_DESELECT);
    private final byte[] scratch = JCSystem.makeTransientByteArray(Slot.POINT, JCSystem.CLEAR_ON_DESELECT);

    Storage(Chip chip, ECPublicKey manufacturer) {
        this.chip = chip;
        this.manufacturer = manufacturer;
    }

    short stageInformation(byte[] b, short length) {
        if (Util.getShort(b, ISO7816.OFFSET_P1) != INFORMATION) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        return put(b, length);
    }

    short stage(byte[] b, short length) {
        chip.open(b);
        permitted(b);
        return put(b, length);
    }

    private static void permitted(byte[] b) {
        byte kind = b[ISO7816.OFFSET_P2];
        boolean device = b[ISO7816.OFFSET_P1] == 0;
        if (kind < Slot.CERTIFICATE || kind > (device ? Slot.CERTIFICATE : Slot.PPK)) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
    }

    /// `offset(2) ‖ piece`; pieces follow one another, offset 0 begins anew.
    private short put(byte[] b, short length) {
        if (length <= OFFSET) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        short offset = Util.getShort(b, ISO7816.OFFSET_CDATA);
        short piece = (short) (length - OFFSET);
        if (offset == 0) {
            staged[MARK] = 0;
            staged[FOR] = Util.getShort(b, ISO7816.OFFSET_P1);
        }
        if (offset != staged[MARK] || staged[FOR] != Util.getShort(b, ISO7816.OFFSET_P1)) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        if (piece > (short) (Slot.OBJECT - offset)) {
            ISOException.throwIt(ISO7816.SW_FILE_FULL);
        }
        Util.arrayCopyNonAtomic(b, (short) (ISO7816.OFFSET_CDATA + OFFSET), staging, offset, piece);
        staged[MARK] = (short) (offset + piece);
        return 0;
    }

    private short whole(byte[] b, short length, short least) {
        if (length < (short) (OFFSET + least)) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        short size = Util.getShort(b, ISO7816.OFFSET_CDATA);
        if (size < 1 || size != staged[MARK] || staged[FOR] != Util.getShort(b, ISO7816.OFFSET_P1)) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        staged[MARK] = 0;
        return size;
    }

    /// `size(2) ‖ manufacturer's signature`; the information begins with the manager's point.
    void storeInformation(byte[] b, short length, Management management) {
        short size = whole(b, length, SHORTEST_SIGNATURE);
        short signature = (short) (ISO7816.OFFSET_CDATA + OFFSET);
        short signatureLength = (short) (length - OFFSET);
        boolean signed = size >= Slot.POINT
                && signatureLength <= LONGEST_SIGNATURE
                && chip.forms.isManufacturers(manufacturer, staging, size, b, signature, signatureLength);
        if (!signed) {
            ISOException.throwIt(ISO7816.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
        JCSystem.beginTransaction();
        Util.arrayCopy(staging, (short) 0, information, (short) 0, size);
        informationLength = size;
        Util.arrayCopy(b, signature, origin, (short) 0, signatureLength);
        originLength = signatureLength;
        management.name(information);
        JCSystem.commitTransaction();
    }

    /// Certificate: `size(2) ‖ SHA-256`. The others: `size(2) ‖ version(4) ‖ provider's signature`.
    short store(byte[] b, short length) {
        Slot slot = chip.keyed(b);
        permitted(b);
        byte kind = b[ISO7816.OFFSET_P2];
        boolean certificate = kind == Slot.CERTIFICATE;
        short size = whole(b, length, certificate ? HASH : (short) (VERSION + SHORTEST_SIGNATURE));
        short rest = (short) (ISO7816.OFFSET_CDATA + OFFSET);
        if (certificate) {
            EKey.expect(length, (short) (OFFSET + HASH));
            checkCertificate(slot, size, b, rest);
        } else {
            checkProvider(slot, size, b, rest, length);
        }
        JCSystem.beginTransaction();
        staging = slot.exchange(kind, staging, size);
        if (certificate) {
            slot.state = Slot.CERTIFIED;
        } else {
            slot.setVersion(kind, b, rest);
        }
        JCSystem.commitTransaction();
        return 0;
    }

    private void checkCertificate(Slot slot, short size, byte[] b, short hash) {
        chip.sha.doFinal(staging, (short) 0, size, scratch, (short) 0);
        if (Util.arrayCompare(scratch, (short) 0, b, hash, HASH) != 0) {
            ISOException.throwIt(ISO7816.SW_DATA_INVALID);
        }
        ((ECPublicKey) slot.signing.getPublic()).getW(scratch, (short) 0);
        if (!holds(size)) {
            // somebody else's certificate: its key is not here
            ISOException.throwIt(ISO7816.SW_WRONG_DATA);
        }
    }

    private boolean holds(short size) {
        for (short i = 0; i <= (short) (size - Slot.POINT); i++) {
            if (staging[i] == scratch[0] && Util.arrayCompare(staging, i, scratch, (short) 0, Slot.POINT) == 0) {
                return true;
            }
        }
        return false;
    }

    private void checkProvider(Slot slot, short size, byte[] b, short version, short length) {
        byte kind = b[ISO7816.OFFSET_P2];
        if (kind == Slot.PPK && size != Unsealing.SEALED) {
            ISOException.throwIt(ISO7816.SW_WRONG_DATA);
        }
        short signature = (short) (length - OFFSET - VERSION);
        if (!chip.forms.isProviders(slot, staging, size, b, version, signature)) {
            ISOException.throwIt(ISO7816.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
        if (!slot.isLater(kind, b, version)) {
            ISOException.throwIt(ISO7816.SW_COMMAND_NOT_ALLOWED);
        }
    }

    /// `offset(2)`; answers with up to 256 bytes, none at the end.
    short read(byte[] b, short length) {
        EKey.expect(length, OFFSET);
        byte kind = b[ISO7816.OFFSET_P2];
        short offset = Util.getShort(b, ISO7816.OFFSET_CDATA);
        if (kind == SERVICE) {
            return service(chip.slot(b), b, offset);
        }
        boolean device = b[ISO7816.OFFSET_P1] == 0;
        if (device && kind == INFORMATION) {
            return piece(information, informationLength, b, offset);
        }
        if (device && kind == ORIGIN) {
            return piece(origin, originLength, b, offset);
        }
        Slot slot = device && kind == Slot.CERTIFICATE ? (Slot) chip.slots[0] : chip.open(b);
        if (kind != Slot.CERTIFICATE && kind != Slot.CONNECTION) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        return piece(slot.object(kind), slot.length(kind), b, offset);
    }

    private static short piece(byte[] source, short size, byte[] b, short offset) {
        if (offset < 0 || offset > size) {
            ISOException.throwIt(ISO7816.SW_WRONG_P1P2);
        }
        short left = (short) (size - offset);
        short piece = left > PIECE ? PIECE : left;
        Util.arrayCopyNonAtomic(source, offset, b, (short) 0, piece);
        return piece;
    }

    /// `name(16) ‖ provider's point(65)`; nothing of a slot without a provider.
    private static short service(Slot slot, byte[] b, short offset) {
        if (offset != 0) {
            ISOException.throwIt(ISO7816.SW_WRONG_P1P2);
        }
        if (slot.state == Slot.FREE || !slot.provider.isInitialized()) {
            return 0;
        }
        short at = Util.arrayCopyNonAtomic(slot.name, (short) 0, b, (short) 0, Slot.NAME);
        return (short) (at + slot.provider.getW(b, at));
    }

    short ppk(Slot slot, byte[] b) {
        short length = slot.length(Slot.PPK);
        if (b[ISO7816.OFFSET_P1] == 0 || length != Unsealing.SEALED) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        chip.forms.chip(b, (short) 0);
        return unsealing.open(slot.agreement, slot.object(Slot.PPK), b, (short) 0, b, (short) 0);
    }
}
