package org.mizuhiki.applets.nationalcard;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.OwnerPIN;
import javacard.security.KeyBuilder;
import javacard.security.KeyPair;
import javacard.security.PrivateKey;
import javacard.security.RSAPublicKey;

/// A key that was made on the card, the PIN before it, its certificate and that of its CA.
final class Credential {
    static final short CERTIFICATE = 2048;
    private static final byte LONGEST_PIN = 16;

    final File certificate = new File(CERTIFICATE);
    final File issuer = new File(CERTIFICATE);
    private final KeyPair keys = new KeyPair(KeyPair.ALG_RSA_CRT, KeyBuilder.LENGTH_RSA_2048);
    private final OwnerPIN pin;
    private final short shortest;
    private final short longest;
    private final boolean lettersToo;
    private boolean hasPin;

    private Credential(byte tries, short shortest, short longest, boolean lettersToo) {
        pin = new OwnerPIN(tries, LONGEST_PIN);
        this.shortest = shortest;
        this.longest = longest;
        this.lettersToo = lettersToo;
    }

    /// Four digits, three tries.
    static Credential authentication() {
        return new Credential((byte) 3, (short) 4, (short) 4, false);
    }

    /// Six to sixteen digits and capital letters, five tries.
    static Credential signature() {
        return new Credential((byte) 5, (short) 6, LONGEST_PIN, true);
    }

    /// Makes the key, once: whoever asks again, because the answer was lost, gets the same modulus.
    short generate(byte[] b) {
        if (!keys.getPrivate().isInitialized()) {
            JCSystem.beginTransaction();
            keys.genKeyPair();
            JCSystem.commitTransaction();
        }
        return ((RSAPublicKey) keys.getPublic()).getModulus(b, (short) 0);
    }

    PrivateKey key() {
        return keys.getPrivate();
    }

    /// Whether nothing is missing, and the certificate is for this key. Spoils the buffer.
    boolean isComplete(byte[] b) {
        if (!hasPin || issuer.isEmpty() || !keys.getPrivate().isInitialized()) {
            return false;
        }
        short modulus = ((RSAPublicKey) keys.getPublic()).getModulus(b, (short) 0);
        return certificate.holds(b, modulus);
    }

    /// VERIFY. Without data it tells the tries and changes nothing.
    void verify(byte[] b, short length) {
        if (length == 0) {
            ISOException.throwIt((short) (0x63c0 | pin.getTriesRemaining()));
        }
        pin.reset();
        expectLength(length);
        if (pin.getTriesRemaining() == 0) {
            ISOException.throwIt(ISO7816.SW_FILE_INVALID);
        }
        if (!pin.check(b, ISO7816.OFFSET_CDATA, (byte) length)) {
            ISOException.throwIt((short) (0x63c0 | pin.getTriesRemaining()));
        }
    }

    private void expectLength(short length) {
        if (length < shortest || length > longest) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
    }

    /// CHANGE REFERENCE DATA, by whoever has just shown the old PIN; the new one must be shown next.
    void change(byte[] b, short length) {
        if (!pin.isValidated()) {
            ISOException.throwIt(ISO7816.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
        set(b, length);
    }

    void set(byte[] b, short length) {
        expectLength(length);
        for (short i = ISO7816.OFFSET_CDATA; i < (short) (ISO7816.OFFSET_CDATA + length); i++) {
            boolean digit = b[i] >= '0' && b[i] <= '9';
            boolean letter = lettersToo && b[i] >= 'A' && b[i] <= 'Z';
            if (!digit && !letter) {
                ISOException.throwIt(ISO7816.SW_WRONG_DATA);
            }
        }
        pin.update(b, ISO7816.OFFSET_CDATA, (byte) length);
        hasPin = true;
    }

    boolean isOpen() {
        return pin.isValidated();
    }

    void close() {
        pin.reset();
    }
}
