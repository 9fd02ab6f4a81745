package org.mizuhiki.applets.terminal;

import javacard.framework.AID;
import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.ECPublicKey;
import org.mizuhiki.applets.curve.Curve;
import org.mizuhiki.applets.ticks.Ticks;

/// The applet: which commands there are. Everything is allocated when it is installed.
///
/// Installation parameters: the service's P-256 point (65), how many stamps an anchor permits (2), and on a
/// chip with a timer the AID of the applet that offers it (5 to 16).
public final class Terminal extends Applet {
    /// None of the instructions is 6X or 9X: between reader and card these would begin a status word (ISO 7816-3).
    private static final byte CLA = (byte) 0x80;
    private static final byte OPEN = 0x40;
    private static final byte CLOSE = 0x42;
    private static final byte STAGE = 0x44;
    private static final byte ENROL = 0x46;
    private static final byte SHARED_KEY = 0x48;
    private static final byte ADMINISTRATOR = 0x4a;
    private static final byte SEALING = 0x4c;
    private static final byte ANCHOR = 0x50;
    private static final byte CONFIRM = 0x52;
    private static final byte STAMP = 0x54;
    private static final byte BEGIN = 0x56;
    private static final byte FINISH = 0x58;
    private static final byte ABANDON = 0x5a;
    private static final byte CARD_ID = 0x5c;
    private static final byte CHALLENGE = (byte) 0x84;
    private static final byte STATE = (byte) 0xca;

    private static final short FIXED = (short) (Forms.POINT + 2);

    private final Forms forms;
    private final Stamps stamps;
    private final Staging staging = new Staging();
    private final Opening opening;
    private final Institution institution;
    private final Visit visit;

    private Terminal(byte[] parameters, short offset, short length) {
        Curve curve = new Curve();
        forms = new Forms(curve, parameters, offset, length > FIXED);
        stamps = new Stamps(forms, Util.getShort(parameters, (short) (offset + Forms.POINT)));
        CardKey cardKey = new CardKey(curve);
        opening = new Opening(forms, stamps, staging, cardKey);
        institution = new Institution(curve, forms, staging, opening);
        visit = new Visit(forms, stamps, staging, opening, institution, cardKey);
    }

    public static void install(byte[] all, short offset, byte length) {
        short control = (short) (offset + all[offset] + 1);
        short data = (short) (control + all[control] + 1);
        if (all[data] < (byte) FIXED) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        Terminal terminal = new Terminal(all, (short) (data + 1), all[data]);
        terminal.register(all, (short) (offset + 1), all[offset]);
        if (all[data] > (byte) FIXED) {
            terminal.takeTimer(all, (short) (data + 1 + FIXED), (byte) (all[data] - FIXED));
        }
    }

    /// After the registration: before it, an applet is nobody whom another could answer.
    private void takeTimer(byte[] aid, short offset, byte length) {
        AID server = JCSystem.lookupAID(aid, offset, length);
        Object shared = server == null ? null : JCSystem.getAppletShareableInterfaceObject(server, (byte) 0);
        if (shared instanceof Ticks) {
            stamps.use((Ticks) shared);
            return;
        }
        ISOException.throwIt(ISO7816.SW_FILE_NOT_FOUND);
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
        short length = apdu.setIncomingAndReceive();
        short answer;
        switch (b[ISO7816.OFFSET_INS]) {
            case STAGE:
                staging.take(b, length);
                return;
            case OPEN:
                opening.open(b, length);
                staging.clear();
                return;
            case CLOSE:
                opening.close(b, length);
                return;
            case ADMINISTRATOR:
                opening.register(b, length);
                staging.clear();
                return;
            case BEGIN:
                answer = visit.begin(b, length);
                break;
            case FINISH:
                answer = visit.finish(b, length);
                staging.clear();
                break;
            case CARD_ID:
                answer = visit.cardId(b, length);
                break;
            default:
                answer = withoutParameters(b, length);
        }
        if (answer > 0) {
            apdu.setOutgoingAndSend((short) 0, answer);
        }
    }

    private short withoutParameters(byte[] b, short length) {
        if (Util.getShort(b, ISO7816.OFFSET_P1) != 0) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        switch (b[ISO7816.OFFSET_INS]) {
            case STATE:
                return state(b, length);
            case CHALLENGE:
                expectNothing(length);
                return forms.challenge(b);
            case SEALING:
                return opening.tell(b, length);
            case ANCHOR:
                visit.refuseWhileUnfinished();
                return stamps.anchor(b, length);
            case CONFIRM:
                return stamps.confirm(b, length);
            case STAMP:
                return stamps.stamp(b, length, opening.isOpened());
            case ABANDON:
                return visit.abandon(b, length);
            case ENROL:
                // what a visit began as one institution's it does not end as another's
                visit.refuseWhileUnfinished();
                short answer = institution.enrol(b, length);
                visit.forgetCard();
                staging.clear();
                return answer;
            case SHARED_KEY:
                institution.key(b, length);
                staging.clear();
                return 0;
            default:
                ISOException.throwIt(ISO7816.SW_INS_NOT_SUPPORTED);
                return 0;
        }
    }

    private static void expectNothing(short length) {
        if (length != 0) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
    }

    /// `point(65) ‖ stamps left(2) ‖ mu(8) ‖ reserve(2) ‖ institution(16) ‖ enrolled ‖ has K_inst ‖ sealed
    /// ‖ opened by whom ‖ visit's state ‖ ticking`, the last six a byte each.
    private short state(byte[] b, short length) {
        expectNothing(length);
        short at = ((ECPublicKey) forms.device.getPublic()).getW(b, (short) 0);
        at = Util.setShort(b, at, stamps.left());
        at = stamps.mu(b, at);
        at = Util.setShort(b, at, stamps.reserve());
        at = Util.arrayCopyNonAtomic(institution.id, (short) 0, b, at, Institution.ID);
        b[at] = (byte) (institution.isEnrolled() ? 1 : 0);
        b[(short) (at + 1)] = (byte) (institution.isKeyed() ? 1 : 0);
        b[(short) (at + 2)] = (byte) (opening.isSealed() ? 1 : 0);
        b[(short) (at + 3)] = opening.by();
        b[(short) (at + 4)] = visit.state();
        b[(short) (at + 5)] = (byte) (stamps.ticking() ? 1 : 0);
        return (short) (at + 6);
    }
}
