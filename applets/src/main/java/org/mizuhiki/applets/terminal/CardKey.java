package org.mizuhiki.applets.terminal;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.security.CryptoException;
import javacard.security.ECPublicKey;
import javacard.security.KeyBuilder;
import javacard.security.RSAPublicKey;
import javacard.security.Signature;
import org.mizuhiki.applets.curve.Curve;

/// The key of somebody's card, for one signature at a time: RSA-2048 with exponent 65537 (PKCS#1 v1.5), as
/// the national card has today, or P-256 (ECDSA), each with SHA-256.
final class CardKey {
    static final byte RSA = 1;
    static final byte P256 = 2;
    static final short MODULUS = 256;

    private final byte[] exponent = {1, 0, 1};
    /// SubjectPublicKeyInfo (RFC 5280) around a modulus of 256 bytes, and around a point of P-256.
    private final byte[] rsaHead = {
        0x30,
        (byte) 0x82,
        0x01,
        0x22,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        0x01,
        0x01,
        0x01,
        0x05,
        0x00,
        0x03,
        (byte) 0x82,
        0x01,
        0x0f,
        0x00,
        0x30,
        (byte) 0x82,
        0x01,
        0x0a,
        0x02,
        (byte) 0x82,
        0x01,
        0x01,
        0x00
    };
    private final byte[] rsaTail = {0x02, 0x03, 0x01, 0x00, 0x01};
    private final byte[] pointHead = {
        0x30,
        0x59,
        0x30,
        0x13,
        0x06,
        0x07,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0xce,
        0x3d,
        0x02,
        0x01,
        0x06,
        0x08,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0xce,
        0x3d,
        0x03,
        0x01,
        0x07,
        0x03,
        0x42,
        0x00
    };
    private final RSAPublicKey rsa =
            (RSAPublicKey) KeyBuilder.buildKey(KeyBuilder.TYPE_RSA_PUBLIC, KeyBuilder.LENGTH_RSA_2048, false);
    private final ECPublicKey point;
    private final Signature pkcs1 = Signature.getInstance(Signature.ALG_RSA_SHA_256_PKCS1, false);
    private final Signature ecdsa = Signature.getInstance(Signature.ALG_ECDSA_SHA_256, false);

    CardKey(Curve curve) {
        point = curve.publicKey();
    }

    static short size(byte kind) {
        if (kind != RSA && kind != P256) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        return kind == RSA ? MODULUS : Forms.POINT;
    }

    /// Whether a key and its signature have lengths that fit.
    static boolean fits(byte kind, short length) {
        short signature = (short) (length - size(kind));
        return kind == RSA
                ? signature == MODULUS
                : signature >= Forms.SHORTEST_SIGNATURE && signature <= Forms.LONGEST_SIGNATURE;
    }

    /// The kind of a key of this length; 0 for none.
    static byte kindOf(short length) {
        return length == MODULUS ? RSA : length == Forms.POINT ? P256 : (byte) 0;
    }

    /// Ready for the content. Numbers that are no key are refused here.
    Signature verifier(byte kind, byte[] key, short at) {
        Signature verifier = kind == RSA ? pkcs1 : ecdsa;
        try {
            if (kind == RSA) {
                setModulus(key, at);
                verifier.init(rsa, Signature.MODE_VERIFY);
            } else {
                point.setW(key, at, Forms.POINT);
                verifier.init(point, Signature.MODE_VERIFY);
            }
        } catch (CryptoException e) {
            ISOException.throwIt(ISO7816.SW_WRONG_DATA);
        }
        return verifier;
    }

    /// Odd and of 2048 bits, else it is no modulus of such a card.
    private void setModulus(byte[] key, short at) {
        boolean full = key[at] < 0 && (key[(short) (at + MODULUS - 1)] & 1) == 1;
        if (!full) {
            ISOException.throwIt(ISO7816.SW_WRONG_DATA);
        }
        rsa.setModulus(key, at, MODULUS);
        rsa.setExponent(exponent, (short) 0, (short) 3);
    }

    /// A MAC over the key's SubjectPublicKeyInfo, as it stands in a certificate.
    short mac(Signature mac, byte kind, byte[] key, short at, byte[] target, short offset) {
        if (kind == RSA) {
            mac.update(rsaHead, (short) 0, (short) rsaHead.length);
            mac.update(key, at, MODULUS);
            return mac.sign(rsaTail, (short) 0, (short) rsaTail.length, target, offset);
        }
        mac.update(pointHead, (short) 0, (short) pointHead.length);
        return mac.sign(key, at, Forms.POINT, target, offset);
    }
}
