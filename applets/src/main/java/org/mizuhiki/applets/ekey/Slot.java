package org.mizuhiki.applets.ekey;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.OwnerPIN;
import javacard.framework.Util;
import javacard.security.ECPublicKey;
import javacard.security.KeyPair;
import org.mizuhiki.applets.curve.Curve;

/// A slot: a signing key and an agreement key made on the chip, a certificate, connection information and a
/// sealed PPK, behind an access code. Slot 0 is the device itself.
final class Slot {
    static final byte FREE = 0;
    static final byte INSTALLED = 1;
    static final byte KEYED = 2;
    static final byte CERTIFIED = 3;

    static final byte CERTIFICATE = 1;
    static final byte CONNECTION = 2;
    static final byte PPK = 3;

    static final short POINT = 65;
    static final short NAME = 16;
    static final byte CODE = 16;
    /// Size of a stored object; all have it, so that storing one is an exchange of two references.
    static final short OBJECT = 2048;

    private static final byte TRIES = 5;
    private static final short VERSION = 4;

    final KeyPair signing;
    final KeyPair agreement;
    final OwnerPIN code = new OwnerPIN(TRIES, CODE);
    final byte[] name = new byte[NAME];
    final ECPublicKey provider;
    /// Byte arrays: a card has no arrays of arrays.
    private final Object[] objects = new Object[3];
    private final short[] lengths = new short[3];
    private final byte[] versions = new byte[(short) (3 * VERSION)];
    byte state = FREE;
    boolean suspended;
    /// By the chip's manager: a provider does not undo that.
    boolean heldByManager;

    Slot(Curve curve) {
        signing = curve.pair();
        agreement = curve.pair();
        provider = curve.publicKey();
        for (short i = 0; i < 3; i++) {
            objects[i] = new byte[OBJECT];
        }
    }

    byte[] object(byte kind) {
        return (byte[]) objects[index(kind)];
    }

    short length(byte kind) {
        return lengths[index(kind)];
    }

    private static short index(byte kind) {
        if (kind < CERTIFICATE || kind > PPK) {
            ISOException.throwIt(ISO7816.SW_FILE_NOT_FOUND);
        }
        return (short) (kind - 1);
    }

    /// Stores what lies in the staging array and gives the old one back for staging. In a transaction.
    byte[] exchange(byte kind, byte[] staged, short length) {
        short i = index(kind);
        byte[] old = (byte[]) objects[i];
        objects[i] = staged;
        lengths[i] = length;
        return old;
    }

    /// Whether a version is later than the stored one; old content, once replaced, never comes back.
    boolean isLater(byte kind, byte[] source, short offset) {
        return unsignedCompare(source, offset, versions, (short) (index(kind) * VERSION), VERSION) > 0;
    }

    void setVersion(byte kind, byte[] source, short offset) {
        Util.arrayCopy(source, offset, versions, (short) (index(kind) * VERSION), VERSION);
    }

    private static byte unsignedCompare(byte[] left, short l, byte[] right, short r, short length) {
        for (short i = 0; i < length; i++) {
            short x = (short) (left[(short) (l + i)] & 0xff);
            short y = (short) (right[(short) (r + i)] & 0xff);
            if (x != y) {
                return (byte) (x > y ? 1 : -1);
            }
        }
        return 0;
    }

    /// By keys that nobody gets to use. `clearKey` would do, but takes the curve off a key on some chips.
    private void overwriteKeys() {
        signing.genKeyPair();
        agreement.genKeyPair();
    }

    /// Everything that a service left, so that the next one finds a slot as new. In a transaction.
    void empty() {
        overwriteKeys();
        for (short i = 0; i < 3; i++) {
            lengths[i] = 0;
        }
        for (short i = 0; i < (short) versions.length; i++) {
            versions[i] = 0;
        }
        for (short i = 0; i < NAME; i++) {
            name[i] = 0;
        }
        suspended = false;
        heldByManager = false;
        state = FREE;
    }

    /// After [#empty], outside the transaction: too much for one, and no longer reachable by anybody.
    void wipe() {
        for (short i = 0; i < 3; i++) {
            Util.arrayFillNonAtomic((byte[]) objects[i], (short) 0, OBJECT, (byte) 0);
        }
    }

    /// Makes both keys, unless a key without a certificate is there: a lost answer costs no key.
    void generate() {
        if (state == CERTIFIED) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        if (state == KEYED) {
            return;
        }
        JCSystem.beginTransaction();
        overwriteKeys();
        state = KEYED;
        JCSystem.commitTransaction();
    }

    /// Forgets keys and certificate and keeps the service.
    void clear() {
        JCSystem.beginTransaction();
        overwriteKeys();
        lengths[index(CERTIFICATE)] = 0;
        lengths[index(PPK)] = 0;
        state = INSTALLED;
        JCSystem.commitTransaction();
    }
}
