package org.mizuhiki.applets.curve;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.CryptoException;
import javacard.security.HMACKey;
import javacard.security.KeyAgreement;
import javacard.security.KeyBuilder;
import javacard.security.KeyPair;
import javacard.security.MessageDigest;
import javacard.security.Signature;

/// Opens what was sealed to a key of this chip: `ephemeral point(65) ‖ masked secret(32) ‖ tag(32)`, ECIES
/// with the X9.63 derivation: mask = SHA-256(Z ‖ 1 ‖ point ‖ chip), MAC key = SHA-256(Z ‖ 2 ‖ point ‖
/// chip), tag = HMAC-SHA-256 over the masked secret. What was sealed for one chip's name opens under no
/// other.
public final class Unsealing {
    public static final short SEALED = 129;
    public static final short PLAIN = 32;
    private static final short POINT = 65;
    private static final short NAME = 32;
    private static final short TAG = (short) (POINT + PLAIN);
    private static final short COUNTER = 32;
    private static final short MASK = 36;
    private static final short MAC_KEY = 68;

    private final KeyAgreement ecdh = KeyAgreement.getInstance(KeyAgreement.ALG_EC_SVDP_DH_PLAIN, false);
    private final MessageDigest sha = MessageDigest.getInstance(MessageDigest.ALG_SHA_256, false);
    private final Signature hmac = Signature.getInstance(Signature.ALG_HMAC_SHA_256, false);
    private final HMACKey key = (HMACKey) KeyBuilder.buildKey(
            KeyBuilder.TYPE_HMAC_TRANSIENT_DESELECT, KeyBuilder.LENGTH_HMAC_SHA_256_BLOCK_64, false);
    /// Z and the counter, then mask, then MAC key.
    private final byte[] work = JCSystem.makeTransientByteArray((short) 100, JCSystem.CLEAR_ON_DESELECT);

    /// @param name of the chip, 32 bytes; `target` may be the array it lies in
    public short open(KeyPair agreement, byte[] sealed, byte[] name, short nameOffset, byte[] target, short offset) {
        try {
            ecdh.init(agreement.getPrivate());
            ecdh.generateSecret(sealed, (short) 0, POINT, work, (short) 0);
        } catch (CryptoException e) {
            // not a point of the curve
            ISOException.throwIt(ISO7816.SW_DATA_INVALID);
        }
        derive(sealed, (byte) 1, name, nameOffset, MASK);
        derive(sealed, (byte) 2, name, nameOffset, MAC_KEY);
        key.setKey(work, MAC_KEY, (short) 32);
        hmac.init(key, Signature.MODE_VERIFY);
        boolean whole = hmac.verify(sealed, POINT, PLAIN, sealed, TAG, (short) 32);
        if (whole) {
            for (short i = 0; i < PLAIN; i++) {
                target[(short) (offset + i)] = (byte) (sealed[(short) (POINT + i)] ^ work[(short) (MASK + i)]);
            }
        }
        key.clearKey();
        Util.arrayFillNonAtomic(work, (short) 0, (short) work.length, (byte) 0);
        if (!whole) {
            ISOException.throwIt(ISO7816.SW_DATA_INVALID);
        }
        return PLAIN;
    }

    private void derive(byte[] sealed, byte counter, byte[] name, short nameOffset, short at) {
        work[COUNTER] = 0;
        work[(short) (COUNTER + 1)] = 0;
        work[(short) (COUNTER + 2)] = 0;
        work[(short) (COUNTER + 3)] = counter;
        sha.update(work, (short) 0, (short) (COUNTER + 4));
        sha.update(sealed, (short) 0, POINT);
        sha.doFinal(name, nameOffset, NAME, work, at);
    }
}
