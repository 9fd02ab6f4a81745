package org.mizuhiki.applets.terminal;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.SystemException;
import javacard.framework.Util;
import javacard.security.Signature;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.applets.ticks.Ticks;

/// The element's counters and what is signed with them: `… ‖ C(8) ‖ N(16) ‖ mu(8)`. N is drawn after each
/// power-on, mu counts for the element's whole life. C counts stamps since power-on; with a timer, its
/// ticks.
final class Stamps {
    private static final short NONCE = 16;
    private static final short ASKED = (short) (NONCE + Counter.SIZE);
    static final short TICKS = (short) (Counter.SIZE + NONCE + Counter.SIZE);
    static final short HASH = 32;
    /// Behind everything that a command of ours carries.
    private static final short SCRATCH = 240;

    private static final byte DRAWN = 0;
    private static final byte LEFT = 1;
    private static final byte UNCONFIRMED = 2;

    private final Forms forms;
    private @Nullable Ticks timer;
    private final short quota;
    private final byte[] mu = new byte[Counter.SIZE];
    private final byte[] lastTime = new byte[Counter.SIZE];
    /// Stamps that may be made without an anchor of this power-on, while the element is opened.
    private short reserve;
    /// C, then N. Cleared with the power; N is drawn when it is first needed after that.
    final byte[] epoch = JCSystem.makeTransientByteArray((short) (Counter.SIZE + NONCE), JCSystem.CLEAR_ON_RESET);
    /// SHA-256 of the last anchor's answer, which is what gets time-stamped; zeros without one.
    final byte[] anchor = JCSystem.makeTransientByteArray(HASH, JCSystem.CLEAR_ON_RESET);
    private final short[] session = JCSystem.makeTransientShortArray((short) 3, JCSystem.CLEAR_ON_RESET);

    Stamps(Forms forms, short quota) {
        if (quota < 1) {
            ISOException.throwIt(ISO7816.SW_WRONG_DATA);
        }
        this.forms = forms;
        this.quota = quota;
    }

    /// At installation.
    void use(Ticks ticks) {
        timer = ticks;
    }

    boolean ticking() {
        return timer != null;
    }

    short left() {
        return session[LEFT];
    }

    short reserve() {
        return reserve;
    }

    short mu(byte[] target, short offset) {
        return Util.arrayCopyNonAtomic(mu, (short) 0, target, offset, Counter.SIZE);
    }

    /// In the transaction by which the service opens the element.
    void refill() {
        reserve = quota;
    }

    /// A1, B1 and their answer: `nonce(16) ‖ time(8) ‖ the service's signature`; a new date is a new
    /// anchor (B5).
    ///
    /// The time must be later than that of any anchor before: else whoever kept an old one could have the
    /// quota filled again without the service.
    short anchor(byte[] b, short length) {
        short at = ISO7816.OFFSET_CDATA;
        if (length < ASKED) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        forms.checkAsked(b, at, ASKED, (short) (length - ASKED));
        if (!Counter.isLater(b, (short) (at + NONCE), lastTime, (short) 0)) {
            ISOException.throwIt(ISO7816.SW_COMMAND_NOT_ALLOWED);
        }
        JCSystem.beginTransaction();
        Util.arrayCopy(b, (short) (at + NONCE), lastTime, (short) 0, Counter.SIZE);
        reserve = quota;
        Counter.next(mu, (short) 0);
        JCSystem.commitTransaction();
        short answer = signed(Forms.ANCHORED, b, ASKED);
        forms.sha.doFinal(b, (short) 0, answer, anchor, (short) 0);
        session[LEFT] = quota;
        session[UNCONFIRMED] = 1;
        return answer;
    }

    /// A3: the hash(32) of the time stamp over the anchor. Once for each anchor.
    short confirm(byte[] b, short length) {
        expect(length, HASH);
        if (timer == null || session[UNCONFIRMED] == 0) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        session[UNCONFIRMED] = 0;
        count();
        return signed(Forms.CONFIRMED, b, HASH);
    }

    /// A4, B4: the hash(32) of a message.
    short stamp(byte[] b, short length, boolean opened) {
        expect(length, HASH);
        take(opened);
        count();
        return signed(Forms.MESSAGE, b, HASH);
    }

    private static void expect(short length, short expected) {
        if (length != expected) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
    }

    /// One of what the anchor of this power-on permits; else, of an opened element, one of the reserve.
    void take(boolean opened) {
        if (session[LEFT] > 0) {
            session[LEFT]--;
        } else if (opened && reserve > 0) {
            reserve--;
        } else {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
    }

    /// For good, and before anything is signed: what is lost on the way leaves a gap that the service sees.
    void count() {
        JCSystem.beginTransaction();
        Counter.next(mu, (short) 0);
        JCSystem.commitTransaction();
    }

    /// Moves C on.
    void tick(byte[] b) {
        if (timer != null) {
            read(timer, b);
            if (Counter.isLater(epoch, (short) 0, b, SCRATCH)) {
                // the timer began anew and the element did not: nothing joins what was before to what comes
                Util.arrayFillNonAtomic(anchor, (short) 0, HASH, (byte) 0);
                session[DRAWN] = 0;
                session[LEFT] = 0;
                session[UNCONFIRMED] = 0;
            }
            Util.arrayCopyNonAtomic(b, SCRATCH, epoch, (short) 0, Counter.SIZE);
        } else {
            Counter.next(epoch, (short) 0);
        }
        if (session[DRAWN] == 0) {
            forms.random(epoch, Counter.SIZE, NONCE);
            session[DRAWN] = 1;
        }
    }

    private static void read(Ticks timer, byte[] b) {
        try {
            timer.read(b, SCRATCH);
        } catch (SystemException e) {
            // the chip has none after all
            ISOException.throwIt(ISO7816.SW_FUNC_NOT_SUPPORTED);
        }
    }

    /// Signs the content that lies where a command's data lies; answers `C ‖ N ‖ mu ‖ signature`. mu was
    /// counted before.
    short signed(byte form, byte[] b, short content) {
        tick(b);
        Signature signer = forms.signing(form);
        signer.update(b, ISO7816.OFFSET_CDATA, content);
        Util.arrayCopyNonAtomic(epoch, (short) 0, b, (short) 0, (short) (Counter.SIZE + NONCE));
        mu(b, (short) (Counter.SIZE + NONCE));
        return (short) (TICKS + signer.sign(b, (short) 0, TICKS, b, TICKS));
    }
}
