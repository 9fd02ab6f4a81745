package org.mizuhiki.applets.terminal;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.Signature;

/// Whether the element does anything for an institution. The service opens it (online) or an administrator
/// by his own card (offline), until the power goes or it is closed. A sealed one, as it is when new or
/// moved, the service alone opens.
final class Opening {
    static final byte CLOSED = 0;
    private static final byte BY_SERVICE = 1;
    private static final byte BY_ADMINISTRATOR = 2;
    private static final byte ADMINISTRATORS = 4;
    private static final short NONCE = 32;

    private final Forms forms;
    private final Stamps stamps;
    private final Staging staging;
    private final CardKey cardKey;
    private final byte[] opened = JCSystem.makeTransientByteArray((short) 1, JCSystem.CLEAR_ON_RESET);
    private final byte[] kinds = new byte[ADMINISTRATORS];
    private final byte[] keys = new byte[(short) (ADMINISTRATORS * CardKey.MODULUS)];
    private boolean sealed = true;

    Opening(Forms forms, Stamps stamps, Staging staging, CardKey cardKey) {
        this.forms = forms;
        this.stamps = stamps;
        this.staging = staging;
        this.cardKey = cardKey;
    }

    byte by() {
        return opened[0];
    }

    boolean isSealed() {
        return sealed;
    }

    boolean isOpened() {
        return opened[0] != CLOSED;
    }

    void refuseUnlessOpened() {
        if (!isOpened()) {
            ISOException.throwIt(ISO7816.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
    }

    /// P1: who opens; P2: which administrator. Whoever fails leaves it as it was.
    void open(byte[] b, short length) {
        if (b[ISO7816.OFFSET_P1] == BY_SERVICE && b[ISO7816.OFFSET_P2] == 0) {
            staging.clear();
            forms.checkService(b, length, staging, (short) 0);
            JCSystem.beginTransaction();
            sealed = false;
            stamps.refill();
            JCSystem.commitTransaction();
        } else if (b[ISO7816.OFFSET_P1] == BY_ADMINISTRATOR) {
            byAdministrator(slot(b[ISO7816.OFFSET_P2]), length);
        } else {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        opened[0] = b[ISO7816.OFFSET_P1];
    }

    private static byte slot(byte number) {
        if (number < 0 || number >= ADMINISTRATORS) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        return number;
    }

    private void byAdministrator(byte slot, short length) {
        if (length != 0) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        if (sealed) {
            ISOException.throwIt(ISO7816.SW_COMMAND_NOT_ALLOWED);
        }
        byte kind = kinds[slot];
        if (kind == 0) {
            ISOException.throwIt(ISO7816.SW_RECORD_NOT_FOUND);
        }
        if (!CardKey.fits(kind, (short) (CardKey.size(kind) + staging.length()))) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        forms.checkAdministrator(cardKey, kind, keys, (short) (slot * CardKey.MODULUS), staging);
    }

    /// P1: 0 closes, 1 seals too. Anybody may: who has the terminal in hand can also pull its plug.
    void close(byte[] b, short length) {
        if (length != 0) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        byte how = b[ISO7816.OFFSET_P1];
        if ((how != 0 && how != 1) || b[ISO7816.OFFSET_P2] != 0) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        opened[0] = CLOSED;
        if (how == 1) {
            sealed = true;
        }
    }

    /// Says whether it is sealed to whoever asks with a nonce(32), signed: `Z ‖ element ‖ nonce ‖ sealed ‖
    /// mu(8)`. Two answers with one mu: nothing was signed between them. Answers `sealed ‖ mu ‖ signature`.
    short tell(byte[] b, short length) {
        if (length != NONCE) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        Signature signer = forms.signing(Forms.SEALING);
        signer.update(b, ISO7816.OFFSET_CDATA, NONCE);
        b[0] = (byte) (sealed ? 1 : 0);
        short said = stamps.mu(b, (short) 1);
        return (short) (said + signer.sign(b, (short) 0, said, b, said));
    }

    /// The service registers an administrator's key: P1 is the place; a modulus(256) or point(65) is
    /// staged, or nothing, which removes the one there.
    void register(byte[] b, short length) {
        byte slot = slot(b[ISO7816.OFFSET_P1]);
        short size = staging.length();
        byte kind = CardKey.kindOf(size);
        if (b[ISO7816.OFFSET_P2] != 0) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        if (size != 0 && kind == 0) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        forms.checkService(b, length, staging, size);
        JCSystem.beginTransaction();
        kinds[slot] = kind;
        Util.arrayCopy(staging.content, (short) 0, keys, (short) (slot * CardKey.MODULUS), size);
        JCSystem.commitTransaction();
    }

    /// In the transaction by which the element goes to another institution.
    void empty() {
        for (short i = 0; i < ADMINISTRATORS; i++) {
            kinds[i] = 0;
        }
        sealed = true;
        opened[0] = CLOSED;
    }
}
