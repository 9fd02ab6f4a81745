package org.mizuhiki.applets.ekey;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.HMACKey;
import javacard.security.KeyAgreement;
import javacard.security.KeyBuilder;
import javacard.security.KeyPair;
import javacard.security.MessageDigest;
import javacard.security.Signature;

/// Opens a sealed PPK: `ephemeral point(65) ‖ masked PPK(32) ‖ tag(32)`, ECIES with the X9.63 derivation:
/// mask = SHA-256(Z ‖ 1 ‖ point ‖ chip), MAC key = SHA-256(Z ‖ 2 ‖ point ‖ chip), tag = HMAC-SHA-256 over the
/// masked PPK.
final class Unsealing {
    static final short SEALED = 129;
    static final short PLAIN = 32;
    private static final short MASKED = Slot.POINT;
    private static final short TAG = (short) (Slot.POINT + PLAIN);
    private static final short COUNTER = 32;

    private final KeyAgreement ecdh = KeyAgreement.getInstance(KeyAgreement.ALG_EC_SVDP_DH_PLAIN, false);
    private final MessageDigest sha = MessageDigest.getInstance(MessageDigest.ALG_SHA_256, false);
    private final Signature hmac = Signature.getInstance(Signature.ALG_HMAC_SHA_256, false);
    private final HMACKey key = (HMACKey) KeyBuilder.buildKey(
            KeyBuilder.TYPE_HMAC_TRANSIENT_DESELECT, KeyBuilder.LENGTH_HMAC_SHA_256_BLOCK_64, false);
    /// Z and the counter, then mask, then MAC key.
    private final byte[] work = JCSystem.makeTransientByteArray((short) 100, JCSystem.CLEAR_ON_DESELECT);

    short open(KeyPair agreement, byte[] sealed, short length, Forms forms, byte[] target) {
        if (length != SEALED) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        ecdh.init(agreement.getPrivate());
        ecdh.generateSecret(sealed, (short) 0, Slot.POINT, work, (short) 0);
        derive(sealed, (byte) 1, forms, target, (short) 36);
        derive(sealed, (byte) 2, forms, target, (short) 68);
        key.setKey(work, (short) 68, (short) 32);
        hmac.init(key, Signature.MODE_VERIFY);
        boolean whole = hmac.verify(sealed, MASKED, PLAIN, sealed, TAG, (short) 32);
        if (whole) {
            for (short i = 0; i < PLAIN; i++) {
                target[i] = (byte) (sealed[(short) (MASKED + i)] ^ work[(short) (36 + i)]);
            }
        }
        key.clearKey();
        Util.arrayFillNonAtomic(work, (short) 0, (short) work.length, (byte) 0);
        if (!whole) {
            ISOException.throwIt(ISO7816.SW_DATA_INVALID);
        }
        return PLAIN;
    }

    private void derive(byte[] sealed, byte counter, Forms forms, byte[] scratch, short at) {
        work[COUNTER] = 0;
        work[(short) (COUNTER + 1)] = 0;
        work[(short) (COUNTER + 2)] = 0;
        work[(short) (COUNTER + 3)] = counter;
        sha.update(work, (short) 0, (short) (COUNTER + 4));
        sha.update(sealed, (short) 0, Slot.POINT);
        short chip = (short) (forms.chip(scratch, (short) 0) - Forms.CHIP);
        sha.doFinal(scratch, chip, Forms.CHIP, work, at);
    }
}
