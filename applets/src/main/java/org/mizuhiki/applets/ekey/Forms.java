package org.mizuhiki.applets.ekey;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.ECPublicKey;
import javacard.security.KeyPair;
import javacard.security.RandomData;
import javacard.security.Signature;

/// The forms that the chip signs and believes: `"MZEKEY1" ‖ tag ‖ chip ‖ …`, a tag for each, so that no form
/// can be taken for another. What a slot signs for its service never begins so.
final class Forms {
    static final byte IDENTITY = 'I';
    static final byte MANAGEMENT = 'M';
    static final byte PERSONALISATION = 'P';
    static final byte CONTENT = 'C';

    static final short HEAD = 8;
    static final short CHIP = 32;
    static final short CHALLENGE = 16;
    private static final short AT_CHALLENGE = 1;

    private final byte[] head = {'M', 'Z', 'E', 'K', 'E', 'Y', '1', 0};
    private final byte[] chip = new byte[CHIP];
    private final Signature ecdsa = Signature.getInstance(Signature.ALG_ECDSA_SHA_256, false);
    private final RandomData die = RandomData.getInstance(RandomData.ALG_SECURE_RANDOM);
    /// First byte: whether a challenge is open.
    private final byte[] challenge =
            JCSystem.makeTransientByteArray((short) (AT_CHALLENGE + CHALLENGE), JCSystem.CLEAR_ON_DESELECT);
    private final byte[] tag = JCSystem.makeTransientByteArray(HEAD, JCSystem.CLEAR_ON_DESELECT);

    /// The chip's name in all forms, from its device key; at installation.
    void name(byte[] digest) {
        Util.arrayCopy(digest, (short) 0, chip, (short) 0, CHIP);
    }

    short chip(byte[] target, short offset) {
        return Util.arrayCopyNonAtomic(chip, (short) 0, target, offset, CHIP);
    }

    short challenge(byte[] target, short offset) {
        die.generateData(challenge, AT_CHALLENGE, CHALLENGE);
        challenge[0] = 1;
        return Util.arrayCopyNonAtomic(challenge, AT_CHALLENGE, target, offset, CHALLENGE);
    }

    private void begin(byte form) {
        Util.arrayCopyNonAtomic(head, (short) 0, tag, (short) 0, HEAD);
        tag[(short) (HEAD - 1)] = form;
        ecdsa.update(tag, (short) 0, HEAD);
        ecdsa.update(chip, (short) 0, CHIP);
    }

    /// Tier 1 proves itself: `I ‖ chip ‖ content`.
    short prove(KeyPair device, byte[] content, short offset, short length, byte[] target, short at) {
        ecdsa.init(device.getPrivate(), Signature.MODE_SIGN);
        begin(IDENTITY);
        return ecdsa.sign(content, offset, length, target, at);
    }

    /// A command of the manager: `M ‖ chip ‖ challenge ‖ INS ‖ P1 ‖ P2 ‖ body`. The challenge is spent before
    /// anything is looked at, so that one signature is one command, once.
    void checkManager(ECPublicKey manager, byte[] buffer, short body, short bodyLength, short signatureLength) {
        if (challenge[0] != 1) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        challenge[0] = 0;
        ecdsa.init(manager, Signature.MODE_VERIFY);
        begin(MANAGEMENT);
        ecdsa.update(challenge, AT_CHALLENGE, CHALLENGE);
        ecdsa.update(buffer, ISO7816.OFFSET_INS, (short) 3);
        if (!ecdsa.verify(buffer, body, bodyLength, buffer, (short) (body + bodyLength), signatureLength)) {
            ISOException.throwIt(ISO7816.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
    }

    /// `P ‖ chip ‖ information`, by the manufacturer.
    boolean isManufacturers(
            ECPublicKey manufacturer, byte[] information, short length, byte[] buffer, short signature, short size) {
        ecdsa.init(manufacturer, Signature.MODE_VERIFY);
        begin(PERSONALISATION);
        return ecdsa.verify(information, (short) 0, length, buffer, signature, size);
    }

    /// `C ‖ chip ‖ name of the service ‖ kind ‖ version ‖ content`, by the provider.
    boolean isProviders(Slot slot, byte[] staged, short length, byte[] buffer, short version, short size) {
        ecdsa.init(slot.provider, Signature.MODE_VERIFY);
        begin(CONTENT);
        ecdsa.update(slot.name, (short) 0, Slot.NAME);
        ecdsa.update(buffer, ISO7816.OFFSET_P2, (short) 1);
        ecdsa.update(buffer, version, (short) 4);
        return ecdsa.verify(staged, (short) 0, length, buffer, (short) (version + 4), size);
    }

    /// Whether content that a service wants signed begins like a form of the chip.
    boolean isForm(byte[] content, short offset, short length) {
        short compared = (short) (HEAD - 1);
        return length >= compared && Util.arrayCompare(content, offset, head, (short) 0, compared) == 0;
    }
}
