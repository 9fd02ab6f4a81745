package org.mizuhiki.applets.terminal;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.ECPublicKey;
import javacard.security.HMACKey;
import javacard.security.KeyBuilder;
import javacard.security.KeyPair;
import javacard.security.Signature;
import org.mizuhiki.applets.curve.Curve;
import org.mizuhiki.applets.curve.Unsealing;

/// Whose terminal this is: its ID, the key that authenticates it to cards, made here, and K_inst, which the
/// terminals of one institution share. None of the keys comes out.
final class Institution {
    static final short ID = 16;
    /// What the element says to cards is a form of its own: `"MZINST1" ‖ 2 ‖ institution(16) ‖ Rc(16)`.
    private final byte[] head = {'M', 'Z', 'I', 'N', 'S', 'T', '1', 2};

    private final Forms forms;
    private final Staging staging;
    private final Opening opening;
    final byte[] id = new byte[ID];
    private final KeyPair signing;
    private final KeyPair agreement;
    private final HMACKey shared =
            (HMACKey) KeyBuilder.buildKey(KeyBuilder.TYPE_HMAC, KeyBuilder.LENGTH_HMAC_SHA_256_BLOCK_64, false);
    private final Signature ecdsa = Signature.getInstance(Signature.ALG_ECDSA_SHA_256, false);
    private final Signature hmac = Signature.getInstance(Signature.ALG_HMAC_SHA_256, false);
    private final Unsealing unsealing = new Unsealing();
    private final byte[] plain = JCSystem.makeTransientByteArray(Unsealing.PLAIN, JCSystem.CLEAR_ON_DESELECT);
    private boolean enrolled;
    private boolean keyed;

    Institution(Curve curve, Forms forms, Staging staging, Opening opening) {
        this.forms = forms;
        this.staging = staging;
        this.opening = opening;
        signing = curve.pair();
        agreement = curve.pair();
    }

    boolean isEnrolled() {
        return enrolled;
    }

    boolean isKeyed() {
        return keyed;
    }

    /// The service gives the element to an institution, whose ID(16) is staged. New keys; what the
    /// institution before left is gone; sealed. Answers `signing point ‖ agreement point ‖ the device's
    /// signature`.
    short enrol(byte[] b, short length) {
        forms.checkService(b, length, staging, ID);
        JCSystem.beginTransaction();
        signing.genKeyPair();
        agreement.genKeyPair();
        shared.clearKey();
        keyed = false;
        Util.arrayCopy(staging.content, (short) 0, id, (short) 0, ID);
        opening.empty();
        enrolled = true;
        JCSystem.commitTransaction();
        ((ECPublicKey) signing.getPublic()).getW(b, (short) 0);
        ((ECPublicKey) agreement.getPublic()).getW(b, Forms.POINT);
        short points = (short) (2 * Forms.POINT);
        return (short) (points + forms.prove(id, b, (short) 0, points, b, points));
    }

    /// The service brings K_inst, sealed to the agreement key; what was sealed(129) is staged.
    void key(byte[] b, short length) {
        forms.checkService(b, length, staging, Unsealing.SEALED);
        if (!enrolled) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        unsealing.open(agreement, staging.content, forms.element, (short) 0, plain, (short) 0);
        JCSystem.beginTransaction();
        shared.setKey(plain, (short) 0, Unsealing.PLAIN);
        keyed = true;
        JCSystem.commitTransaction();
        Util.arrayFillNonAtomic(plain, (short) 0, Unsealing.PLAIN, (byte) 0);
    }

    /// C3: answers a card's challenge, for EXTERNAL AUTHENTICATE.
    short authenticate(byte[] b, short challenge, short length, byte[] target, short offset) {
        ecdsa.init(signing.getPrivate(), Signature.MODE_SIGN);
        ecdsa.update(head, (short) 0, (short) head.length);
        ecdsa.update(id, (short) 0, ID);
        return ecdsa.sign(b, challenge, length, target, offset);
    }

    /// HMAC(K_inst, …), ready for the content.
    Signature mac() {
        hmac.init(shared, Signature.MODE_SIGN);
        return hmac;
    }
}
