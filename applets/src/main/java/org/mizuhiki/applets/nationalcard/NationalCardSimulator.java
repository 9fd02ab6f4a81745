package org.mizuhiki.applets.nationalcard;

import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacardx.crypto.Cipher;

/// The applet: which commands there are, in which state of the card, of which lengths. It has two lives:
/// personalisation, in which anybody may fill it (a real card wants the issuer's keys), and use.
///
/// A PIN that is blocked stays so: unblocking is the municipality's, and not built.
public final class NationalCardSimulator extends Applet {
    private static final byte ISO = 0x00;
    private static final byte OWN = (byte) 0x80;
    private static final byte VERIFY = 0x20;
    private static final byte CHANGE = 0x24;
    private static final byte SECURITY_OPERATION = 0x2a;
    private static final byte EXTERNAL_AUTHENTICATE = (byte) 0x82;
    private static final byte CHALLENGE = (byte) 0x84;
    private static final byte READ = (byte) 0xb0;

    /// Of personalisation only, and ours.
    private static final byte ACTIVATE = 0x44;
    private static final byte GENERATE = 0x46;
    private static final byte WRITE = (byte) 0xd6;
    private static final byte PUT = (byte) 0xda;
    private static final short INSTITUTION_ROOT = 0x0082;

    private static final short SELECT_FILE = 0x020c;
    private static final short THIS_PIN = 0x0080;
    private static final short NEW_PIN = 0x0180;
    private static final short SIGN = 0x0080;
    private static final short VERIFY_CERTIFICATE = 0x00be;

    private static final byte PERSONALISATION = 0;
    private static final byte IN_USE = 1;
    private static final byte SEQUENCE = 0x30;
    private static final short LONGEST_DIGEST_INFO = 2 + 127;
    private static final short OFFSET = 2;
    private static final short PIECE = 256;

    private final Contents contents = new Contents();
    private final Cipher rsa = Cipher.getInstance(Cipher.ALG_RSA_PKCS1, false);
    private final short[] selected = JCSystem.makeTransientShortArray((short) 1, JCSystem.CLEAR_ON_DESELECT);
    private byte life = PERSONALISATION;

    private NationalCardSimulator() {}

    public static void install(byte[] all, short offset, byte length) {
        new NationalCardSimulator().register(all, (short) (offset + 1), all[offset]);
    }

    @Override
    public void deselect() {
        close();
    }

    private void close() {
        contents.close();
        selected[0] = 0;
    }

    @Override
    public void process(APDU apdu) {
        if (selectingApplet()) {
            close();
            return;
        }
        byte[] b = apdu.getBuffer();
        byte cla = b[ISO7816.OFFSET_CLA];
        if (cla != ISO && cla != OWN) {
            ISOException.throwIt(ISO7816.SW_CLA_NOT_SUPPORTED);
        }
        byte ins = b[ISO7816.OFFSET_INS];
        short length = apdu.setIncomingAndReceive();
        if (life == PERSONALISATION) {
            answer(apdu, personalise(cla, ins, b, length));
        } else if (cla == OWN) {
            answer(apdu, sign(ins, b, length));
        } else if (ins == READ) {
            read(apdu, b, length);
        } else {
            answer(apdu, use(ins, b, length));
        }
    }

    private static void answer(APDU apdu, short length) {
        if (length > 0) {
            apdu.setOutgoingAndSend((short) 0, length);
        }
    }

    private static void expect(boolean right, short otherwise) {
        if (!right) {
            ISOException.throwIt(otherwise);
        }
    }

    private static short parameters(byte[] b) {
        return Util.getShort(b, ISO7816.OFFSET_P1);
    }

    private short personalise(byte cla, byte ins, byte[] b, short length) {
        expect(cla == OWN, ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        switch (ins) {
            case GENERATE:
                expect(length == 0, ISO7816.SW_WRONG_LENGTH);
                return contents.ofKey(parameters(b)).generate(b);
            case WRITE:
                expect(length > OFFSET, ISO7816.SW_WRONG_LENGTH);
                contents.file(parameters(b))
                        .write(
                                Util.getShort(b, ISO7816.OFFSET_CDATA),
                                b,
                                (short) (ISO7816.OFFSET_CDATA + OFFSET),
                                (short) (length - OFFSET));
                return 0;
            case PUT:
                if (parameters(b) == INSTITUTION_ROOT) {
                    contents.institution.setRoot(b, length);
                } else {
                    contents.ofPin(parameters(b)).set(b, length);
                }
                return 0;
            case ACTIVATE:
                activate(b, length);
                return 0;
            default:
                ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
                return 0;
        }
    }

    /// Ends personalisation for good.
    private void activate(byte[] b, short length) {
        expect(length == 0, ISO7816.SW_WRONG_LENGTH);
        expect(parameters(b) == 0, ISO7816.SW_INCORRECT_P1P2);
        expect(contents.areComplete(b), ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        // last, and alone: before it the card is in personalisation, whatever was written
        life = IN_USE;
    }

    private short use(byte ins, byte[] b, short length) {
        switch (ins) {
            case ISO7816.INS_SELECT:
                select(b, length);
                return 0;
            case VERIFY:
                expect(parameters(b) == THIS_PIN, ISO7816.SW_INCORRECT_P1P2);
                contents.ofPin(selected[0]).verify(b, length);
                return 0;
            case CHANGE:
                expect(parameters(b) == NEW_PIN, ISO7816.SW_INCORRECT_P1P2);
                contents.ofPin(selected[0]).change(b, length);
                return 0;
            case CHALLENGE:
                expect(parameters(b) == 0, ISO7816.SW_INCORRECT_P1P2);
                expect(length == 0, ISO7816.SW_WRONG_LENGTH);
                return contents.institution.challenge(b);
            case SECURITY_OPERATION:
                expect(parameters(b) == VERIFY_CERTIFICATE, ISO7816.SW_INCORRECT_P1P2);
                contents.institution.certificate(b, length);
                return 0;
            case EXTERNAL_AUTHENTICATE:
                expect(parameters(b) == 0, ISO7816.SW_INCORRECT_P1P2);
                contents.institution.authenticate(b, length);
                return 0;
            default:
                ISOException.throwIt(ISO7816.SW_INS_NOT_SUPPORTED);
                return 0;
        }
    }

    private void select(byte[] b, short length) {
        // by name: the card found no applet that is called so
        expect(b[ISO7816.OFFSET_P1] != 4, ISO7816.SW_FILE_NOT_FOUND);
        expect(parameters(b) == SELECT_FILE, ISO7816.SW_INCORRECT_P1P2);
        expect(length == 2, ISO7816.SW_WRONG_LENGTH);
        short name = Util.getShort(b, ISO7816.OFFSET_CDATA);
        contents.expectKnown(name);
        selected[0] = name;
    }

    private void read(APDU apdu, byte[] b, short length) {
        expect(length == 0, ISO7816.SW_WRONG_LENGTH);
        File file = contents.readable(selected[0]);
        short offset = parameters(b);
        short asked = apdu.setOutgoing();
        short size = file.read(offset, asked > PIECE ? PIECE : asked, b);
        apdu.setOutgoingLength(size);
        apdu.sendBytes((short) 0, size);
    }

    /// Signs a DigestInfo (PKCS#1 v1.5) with the selected key.
    private short sign(byte ins, byte[] b, short length) {
        expect(ins == SECURITY_OPERATION, ISO7816.SW_INS_NOT_SUPPORTED);
        expect(parameters(b) == SIGN, ISO7816.SW_INCORRECT_P1P2);
        Credential credential = contents.permitted(selected[0]);
        expect(isDigestInfo(b, length), ISO7816.SW_WRONG_DATA);
        rsa.init(credential.key(), Cipher.MODE_ENCRYPT);
        return rsa.doFinal(b, ISO7816.OFFSET_CDATA, length, b, (short) 0);
    }

    /// One SEQUENCE of exactly this length that begins with another (RFC 8017, 9.2): the key signs no bytes
    /// that mean something else.
    private static boolean isDigestInfo(byte[] b, short length) {
        short at = ISO7816.OFFSET_CDATA;
        return length > 4
                && length <= LONGEST_DIGEST_INFO
                && b[at] == SEQUENCE
                && b[(short) (at + 1)] == (byte) (length - 2)
                && b[(short) (at + 2)] == SEQUENCE;
    }
}
