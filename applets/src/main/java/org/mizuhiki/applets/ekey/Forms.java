package org.mizuhiki.applets.ekey;

import javacard.framework.ISO7816;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.ECPublicKey;
import javacard.security.KeyPair;
import javacard.security.Signature;

/// The forms that the chip signs and believes: `"MZEKEY1" ‖ tag ‖ chip ‖ …`, a tag for each, so that no form
/// can be taken for another. What a slot signs for its service never begins so.
final class Forms {
    static final byte IDENTITY = 'I';
    static final byte MANAGEMENT = 'M';
    static final byte PERSONALISATION = 'P';
    static final byte CONTENT = 'C';
    static final byte RECEIPT = 'R';

    static final short HEAD = 8;
    static final short CHIP = 32;

    private final byte[] head = {'M', 'Z', 'E', 'K', 'E', 'Y', '1', 0};
    private final byte[] chip = new byte[CHIP];
    private final Signature ecdsa = Signature.getInstance(Signature.ALG_ECDSA_SHA_256, false);
    private final byte[] tag = JCSystem.makeTransientByteArray(HEAD, JCSystem.CLEAR_ON_DESELECT);

    /// The chip's name in all forms, from its device key; at installation.
    void name(byte[] digest) {
        Util.arrayCopy(digest, (short) 0, chip, (short) 0, CHIP);
    }

    short chip(byte[] target, short offset) {
        return Util.arrayCopyNonAtomic(chip, (short) 0, target, offset, CHIP);
    }

    private void begin(byte form) {
        Util.arrayCopyNonAtomic(head, (short) 0, tag, (short) 0, HEAD);
        tag[(short) (HEAD - 1)] = form;
        ecdsa.update(tag, (short) 0, HEAD);
        ecdsa.update(chip, (short) 0, CHIP);
    }

    /// The chip itself speaks, with its identity key: `form ‖ chip ‖ content`.
    short speak(byte form, KeyPair identity, byte[] content, short offset, short length, byte[] target, short at) {
        ecdsa.init(identity.getPrivate(), Signature.MODE_SIGN);
        begin(form);
        return ecdsa.sign(content, offset, length, target, at);
    }

    /// `M ‖ chip ‖ number ‖ INS ‖ P1 ‖ P2 ‖ body`. What follows the body in the buffer and is no signature,
    /// a slot's code, is not covered: it is made where the chip is and travels nowhere.
    boolean isOrder(ECPublicKey signer, byte[] buffer, short body, short bodyLength, short signature, short size) {
        ecdsa.init(signer, Signature.MODE_VERIFY);
        begin(MANAGEMENT);
        ecdsa.update(buffer, (short) (body - Management.NUMBER), Management.NUMBER);
        ecdsa.update(buffer, ISO7816.OFFSET_INS, (short) 3);
        return ecdsa.verify(buffer, body, bodyLength, buffer, signature, size);
    }

    /// `P ‖ chip ‖ information`, by the manufacturer.
    boolean isManufacturers(
            ECPublicKey manufacturer,
            byte[] information,
            short size,
            byte[] buffer,
            short signature,
            short signatureLength) {
        ecdsa.init(manufacturer, Signature.MODE_VERIFY);
        begin(PERSONALISATION);
        return ecdsa.verify(information, (short) 0, size, buffer, signature, signatureLength);
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
