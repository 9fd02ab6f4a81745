package org.mizuhiki.applets.terminal;

import javacard.framework.APDU;
import javacard.framework.Applet;
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

/// Date Stamp with Tick Stamp. Signed forms: `"MZTERM1" ‖ tag ‖ element(32) ‖ content ‖ C(8) ‖ N(16) ‖ mu(8)`;
/// C counts stamps since power-on, N is the epoch's nonce, mu counts stamps for the element's whole life.
///
/// Installation parameters: the service's P-256 point (65), how many stamps an anchor permits (2).
public final class Terminal extends Applet {
    private static final byte CLA = (byte) 0x80;
    private static final byte STATE = (byte) 0xca;
    private static final byte ANCHOR = 0x60;
    private static final byte STAMP = 0x62;

    private static final byte TIME = 'T';
    private static final byte ANCHORED = '1';
    private static final byte MESSAGE = 'm';

    private static final short POINT = 65;
    private static final short HASH = 32;
    private static final short NONCE = 16;
    private static final short ASKED = (short) (NONCE + Counter.SIZE);
    private static final short SHORTEST_SIGNATURE = 8;
    private static final short TICKS = (short) (Counter.SIZE + NONCE + Counter.SIZE);
    private static final short HEAD = 8;

    private final byte[] head = {'M', 'Z', 'T', 'E', 'R', 'M', '1', 0};
    private final KeyPair device;
    private final ECPublicKey service;
    private final Signature ecdsa = Signature.getInstance(Signature.ALG_ECDSA_SHA_256, false);
    private final RandomData die = RandomData.getInstance(RandomData.ALG_SECURE_RANDOM);
    private final byte[] element = new byte[HASH];
    private final byte[] mu = new byte[Counter.SIZE];
    private final byte[] lastTime = new byte[Counter.SIZE];
    private final short quota;
    /// C, then N. Cleared with the power; N is drawn when it is first needed after that.
    private final byte[] epoch =
            JCSystem.makeTransientByteArray((short) (Counter.SIZE + NONCE), JCSystem.CLEAR_ON_RESET);
    /// Whether N is drawn; how many stamps the anchor still permits.
    private final short[] session = JCSystem.makeTransientShortArray((short) 2, JCSystem.CLEAR_ON_RESET);
    private final byte[] tag = JCSystem.makeTransientByteArray(HEAD, JCSystem.CLEAR_ON_RESET);

    private Terminal(byte[] parameters, short offset) {
        Curve curve = new Curve();
        device = curve.pair();
        device.genKeyPair();
        service = curve.publicKey();
        service.setW(parameters, offset, POINT);
        quota = Util.getShort(parameters, (short) (offset + POINT));
        if (quota < 1) {
            ISOException.throwIt(ISO7816.SW_WRONG_DATA);
        }
        byte[] point = new byte[POINT];
        ((ECPublicKey) device.getPublic()).getW(point, (short) 0);
        MessageDigest.getInstance(MessageDigest.ALG_SHA_256, false)
                .doFinal(point, (short) 0, POINT, element, (short) 0);
    }

    public static void install(byte[] all, short offset, byte length) {
        short control = (short) (offset + all[offset] + 1);
        short data = (short) (control + all[control] + 1);
        if (all[data] != (byte) (POINT + 2)) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        new Terminal(all, (short) (data + 1)).register(all, (short) (offset + 1), all[offset]);
    }

    @Override
    public void process(APDU apdu) {
        if (selectingApplet()) {
            return;
        }
        byte[] b = apdu.getBuffer();
        if (b[ISO7816.OFFSET_CLA] != CLA) {
            ISOException.throwIt(ISO7816.SW_CLA_NOT_SUPPORTED);
        }
        if (Util.getShort(b, ISO7816.OFFSET_P1) != 0) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        short length = apdu.setIncomingAndReceive();
        switch (b[ISO7816.OFFSET_INS]) {
            case STATE:
                apdu.setOutgoingAndSend((short) 0, state(b, length));
                return;
            case ANCHOR:
                apdu.setOutgoingAndSend((short) 0, anchor(b, length));
                return;
            case STAMP:
                apdu.setOutgoingAndSend((short) 0, stamp(b, length));
                return;
            default:
                ISOException.throwIt(ISO7816.SW_INS_NOT_SUPPORTED);
        }
    }

    private static void expect(boolean right) {
        if (!right) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
    }

    /// `point(65) ‖ stamps left(2) ‖ mu(8)`.
    private short state(byte[] b, short length) {
        expect(length == 0);
        ((ECPublicKey) device.getPublic()).getW(b, (short) 0);
        Util.setShort(b, POINT, session[1]);
        return Util.arrayCopyNonAtomic(mu, (short) 0, b, (short) (POINT + 2), Counter.SIZE);
    }

    /// B1, B2: `nonce(16) ‖ time(8) ‖ the service's signature`; a new date is a new anchor (B5).
    ///
    /// The time must be later than that of any anchor before: else whoever kept an old B1 could have the quota
    /// filled again without the service.
    private short anchor(byte[] b, short length) {
        expect(length >= (short) (ASKED + SHORTEST_SIGNATURE));
        short at = ISO7816.OFFSET_CDATA;
        ecdsa.init(service, Signature.MODE_VERIFY);
        begin(TIME);
        if (!ecdsa.verify(b, at, ASKED, b, (short) (at + ASKED), (short) (length - ASKED))) {
            ISOException.throwIt(ISO7816.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
        if (!Counter.isLater(b, (short) (at + NONCE), lastTime, (short) 0)) {
            ISOException.throwIt(ISO7816.SW_COMMAND_NOT_ALLOWED);
        }
        JCSystem.beginTransaction();
        Util.arrayCopy(b, (short) (at + NONCE), lastTime, (short) 0, Counter.SIZE);
        Counter.next(mu, (short) 0);
        JCSystem.commitTransaction();
        short signed = signed(ANCHORED, b, ASKED);
        session[1] = quota;
        return signed;
    }

    /// B4: `hash(32)` of a message.
    private short stamp(byte[] b, short length) {
        expect(length == HASH);
        if (session[1] == 0) {
            // no anchor since power-on, or its stamps are used up
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        session[1]--;
        JCSystem.beginTransaction();
        Counter.next(mu, (short) 0);
        JCSystem.commitTransaction();
        return signed(MESSAGE, b, HASH);
    }

    private void begin(byte form) {
        Util.arrayCopyNonAtomic(head, (short) 0, tag, (short) 0, HEAD);
        tag[(short) (HEAD - 1)] = form;
        ecdsa.update(tag, (short) 0, HEAD);
        ecdsa.update(element, (short) 0, HASH);
    }

    /// Signs the content that came in with the next tick; answers `C ‖ N ‖ mu ‖ signature`. mu was counted
    /// before, for good: a stamp that is lost on the way leaves a gap that the service sees.
    private short signed(byte form, byte[] b, short content) {
        if (session[0] == 0) {
            die.generateData(epoch, Counter.SIZE, NONCE);
            session[0] = 1;
        }
        Counter.next(epoch, (short) 0);
        ecdsa.init(device.getPrivate(), Signature.MODE_SIGN);
        begin(form);
        ecdsa.update(b, ISO7816.OFFSET_CDATA, content);
        Util.arrayCopyNonAtomic(epoch, (short) 0, b, (short) 0, (short) (Counter.SIZE + NONCE));
        Util.arrayCopyNonAtomic(mu, (short) 0, b, (short) (Counter.SIZE + NONCE), Counter.SIZE);
        short size = ecdsa.sign(b, (short) 0, TICKS, b, TICKS);
        return (short) (TICKS + size);
    }
}
