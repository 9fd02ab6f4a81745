package org.mizuhiki.applets.terminal;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.ECPublicKey;
import javacard.security.KeyPair;
import javacard.security.MessageDigest;
import javacard.security.RandomData;
import javacard.security.Signature;
import org.mizuhiki.applets.curve.Curve;

/// What the element signs and believes: `"MZTERM1" ‖ tag ‖ element(32) ‖ content`, or `"MZTICK1" ‖ …`
/// where C counts ticks of a timer: a count of stamps can then never be read as a time. Each tag has
/// content of one form, so none is taken for another.
final class Forms {
    static final byte ASKED = 'T';
    static final byte ANCHORED = '1';
    static final byte CONFIRMED = '2';
    static final byte MESSAGE = 'm';
    static final byte ORDER = 'S';
    static final byte ADMINISTRATOR = 'A';
    static final byte INSTITUTION = 'I';
    static final byte CARD = 'X';
    static final byte BOUND = 'B';
    static final byte ABANDONED = 'N';
    static final byte SEALING = 'Z';

    static final short POINT = 65;
    static final short NAME = 32;
    static final short CHALLENGE = 16;
    static final short SHORTEST_SIGNATURE = 8;
    static final short LONGEST_SIGNATURE = 72;
    private static final short HEAD = 8;

    private final byte[] head = {'M', 'Z', 'T', 'E', 'R', 'M', '1', 0};
    final KeyPair device;
    final byte[] element = new byte[NAME];
    private final ECPublicKey service;
    private final Signature ecdsa = Signature.getInstance(Signature.ALG_ECDSA_SHA_256, false);
    private final RandomData die = RandomData.getInstance(RandomData.ALG_SECURE_RANDOM);
    final MessageDigest sha = MessageDigest.getInstance(MessageDigest.ALG_SHA_256, false);
    /// First byte: whether a challenge is open.
    private final byte[] challenge =
            JCSystem.makeTransientByteArray((short) (1 + CHALLENGE), JCSystem.CLEAR_ON_DESELECT);
    private final byte[] tag = JCSystem.makeTransientByteArray(HEAD, JCSystem.CLEAR_ON_DESELECT);

    Forms(Curve curve, byte[] parameters, short servicePoint, boolean ticking) {
        device = curve.pair();
        device.genKeyPair();
        service = curve.publicKey();
        service.setW(parameters, servicePoint, POINT);
        if (ticking) {
            head[3] = 'I';
            head[4] = 'C';
            head[5] = 'K';
        }
        byte[] point = new byte[POINT];
        ((ECPublicKey) device.getPublic()).getW(point, (short) 0);
        sha.doFinal(point, (short) 0, POINT, element, (short) 0);
    }

    void random(byte[] target, short offset, short length) {
        die.generateData(target, offset, length);
    }

    short challenge(byte[] target) {
        random(challenge, (short) 1, CHALLENGE);
        challenge[0] = 1;
        return Util.arrayCopyNonAtomic(challenge, (short) 1, target, (short) 0, CHALLENGE);
    }

    /// Before anything is looked at, so that one signature is one command, once.
    private void spendChallenge() {
        if (challenge[0] != 1) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        challenge[0] = 0;
    }

    private void tag(byte form) {
        Util.arrayCopyNonAtomic(head, (short) 0, tag, (short) 0, HEAD);
        tag[(short) (HEAD - 1)] = form;
    }

    void begin(Signature signature, byte form) {
        tag(form);
        signature.update(tag, (short) 0, HEAD);
        signature.update(element, (short) 0, NAME);
    }

    void begin(MessageDigest digest, byte form) {
        tag(form);
        digest.update(tag, (short) 0, HEAD);
        digest.update(element, (short) 0, NAME);
    }

    /// A signature of the device key that its caller ends.
    Signature signing(byte form) {
        ecdsa.init(device.getPrivate(), Signature.MODE_SIGN);
        begin(ecdsa, form);
        return ecdsa;
    }

    private static void expectSignature(short length) {
        if (length < SHORTEST_SIGNATURE || length > LONGEST_SIGNATURE) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
    }

    private static void refuseUnless(boolean genuine) {
        if (!genuine) {
            ISOException.throwIt(ISO7816.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
    }

    /// B1: what the service asks an anchor for, `T ‖ element ‖ nonce ‖ time`.
    void checkAsked(byte[] b, short at, short asked, short signatureLength) {
        expectSignature(signatureLength);
        ecdsa.init(service, Signature.MODE_VERIFY);
        begin(ecdsa, ASKED);
        refuseUnless(ecdsa.verify(b, at, asked, b, (short) (at + asked), signatureLength));
    }

    /// An order of the service's: `S ‖ element ‖ challenge ‖ INS ‖ P1 ‖ P2 ‖ what was staged`; the
    /// command's data is its signature.
    void checkService(byte[] b, short length, Staging body, short bodyLength) {
        expectSignature(length);
        body.expect(bodyLength);
        spendChallenge();
        ecdsa.init(service, Signature.MODE_VERIFY);
        begin(ecdsa, ORDER);
        ecdsa.update(challenge, (short) 1, CHALLENGE);
        ecdsa.update(b, ISO7816.OFFSET_INS, (short) 3);
        refuseUnless(ecdsa.verify(body.content, (short) 0, bodyLength, b, ISO7816.OFFSET_CDATA, length));
    }

    /// An administrator's own card says `A ‖ element ‖ challenge`.
    void checkAdministrator(CardKey key, byte kind, byte[] keys, short at, Staging signature) {
        spendChallenge();
        Signature verifier = key.verifier(kind, keys, at);
        begin(verifier, ADMINISTRATOR);
        refuseUnless(
                verifier.verify(challenge, (short) 1, CHALLENGE, signature.content, (short) 0, signature.length()));
    }

    /// Proves that the institution's keys were made here, upon this order: `I ‖ element ‖ challenge ‖
    /// institution(16) ‖ both points(130)`.
    short prove(byte[] institution, byte[] points, short at, short length, byte[] target, short offset) {
        Signature signer = signing(INSTITUTION);
        signer.update(challenge, (short) 1, CHALLENGE);
        signer.update(institution, (short) 0, (short) institution.length);
        return signer.sign(points, at, length, target, offset);
    }
}
