package org.mizuhiki.applets.terminal;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.MessageDigest;
import javacard.security.Signature;

/// Binds what the element said to a card to what the card said to the element. One visit is pending at a
/// time; its card's signature is looked at once.
final class Visit {
    private static final byte NONE = 0;
    private static final byte PENDING = 1;
    private static final byte SPENT = 2;

    /// How the card was opened: by this element's authentication, or by its holder's PIN.
    private static final byte BY_INSTITUTION = 1;
    private static final byte BY_PIN = 2;

    private static final short STATE = 0;
    private static final short MODE = 1;
    private static final short BOUND = 2;
    private static final short N = (short) (BOUND + 2 * Counter.SIZE);
    private static final short CHALLENGE = (short) (N + 16);
    private static final short ANCHOR = (short) (CHALLENGE + Stamps.HASH);
    private static final short SIZE = (short) (ANCHOR + Stamps.HASH);
    private static final short COUNTS = (short) (2 * Counter.SIZE);

    private final Forms forms;
    private final Stamps stamps;
    private final Staging staging;
    private final Opening opening;
    private final Institution institution;
    private final CardKey cardKey;
    /// State, mode, then what the card will sign of it: c ‖ C ‖ N ‖ H(Rc) ‖ anchor.
    private final byte[] pending = JCSystem.makeTransientByteArray(SIZE, JCSystem.CLEAR_ON_RESET);
    /// Whether there is one, and the ID of the card whose signature was verified last.
    private final byte[] card = JCSystem.makeTransientByteArray((short) (1 + Stamps.HASH), JCSystem.CLEAR_ON_DESELECT);

    Visit(Forms forms, Stamps stamps, Staging staging, Opening opening, Institution institution, CardKey cardKey) {
        this.forms = forms;
        this.stamps = stamps;
        this.staging = staging;
        this.opening = opening;
        this.institution = institution;
        this.cardKey = cardKey;
    }

    byte state() {
        return pending[STATE];
    }

    /// Its ID was made with the K_inst of the institution before.
    void forgetCard() {
        card[0] = 0;
    }

    /// A visit lies between two anchors, or none of them would prove its day.
    void refuseWhileUnfinished() {
        if (pending[STATE] != NONE) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
    }

    /// C3: Rc(16); P1 is the mode. Answers `c ‖ C ‖ N ‖ anchor ‖ Sext`, without Sext for a card opened by
    /// PIN.
    short begin(byte[] b, short length) {
        byte mode = b[ISO7816.OFFSET_P1];
        forgetCard();
        if ((mode != BY_INSTITUTION && mode != BY_PIN) || b[ISO7816.OFFSET_P2] != 0) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        if (length != Forms.CHALLENGE) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        opening.refuseUnlessOpened();
        if (pending[STATE] != NONE || !institution.isEnrolled()) {
            ISOException.throwIt(ISO7816.SW_COMMAND_NOT_ALLOWED);
        }
        stamps.take(true);
        stamps.count();
        stamps.tick(b);
        short at = ISO7816.OFFSET_CDATA;
        stamps.mu(pending, BOUND);
        Util.arrayCopyNonAtomic(
                stamps.epoch, (short) 0, pending, (short) (BOUND + Counter.SIZE), (short) stamps.epoch.length);
        forms.sha.doFinal(b, at, Forms.CHALLENGE, pending, CHALLENGE);
        Util.arrayCopyNonAtomic(stamps.anchor, (short) 0, pending, ANCHOR, Stamps.HASH);
        pending[MODE] = mode;
        pending[STATE] = PENDING;
        short told = (short) (CHALLENGE - BOUND + Stamps.HASH);
        short sext = mode == BY_PIN ? 0 : institution.authenticate(b, at, Forms.CHALLENGE, b, told);
        Util.arrayCopyNonAtomic(pending, BOUND, b, (short) 0, (short) (CHALLENGE - BOUND));
        Util.arrayCopyNonAtomic(pending, ANCHOR, b, (short) (CHALLENGE - BOUND), Stamps.HASH);
        return (short) (told + sext);
    }

    /// C7: H(cert)(32); P1 is the kind of the card's key; the key, then the card's signature, are staged.
    /// Signs B.
    short finish(byte[] b, short length) {
        byte kind = b[ISO7816.OFFSET_P1];
        if (length != Stamps.HASH) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        if (b[ISO7816.OFFSET_P2] != 0) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        if (!CardKey.fits(kind, staging.length()) || pending[STATE] != PENDING) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        opening.refuseUnlessOpened();
        // before the signature is looked at: there is one try for each pending visit
        pending[STATE] = SPENT;
        short signature = CardKey.size(kind);
        Signature verifier = cardKey.verifier(kind, staging.content, (short) 0);
        forms.begin(verifier, Forms.CARD);
        verifier.update(institution.id, (short) 0, Institution.ID);
        short content = (short) (SIZE - BOUND);
        if (!verifier.verify(
                pending, BOUND, content, staging.content, signature, (short) (staging.length() - signature))) {
            ISOException.throwIt(ISO7816.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
        short answer = bind(b, signature);
        name(kind);
        pending[STATE] = NONE;
        return answer;
    }

    /// `B ‖ element ‖ institution ‖ c ‖ C ‖ X ‖ mode ‖ H(cert) ‖ H(sig)`, and the counters of now.
    private short bind(byte[] b, short signature) {
        short at = ISO7816.OFFSET_CDATA;
        short x = (short) (at + Institution.ID + COUNTS);
        short mode = (short) (x + Stamps.HASH);
        short certificate = (short) (mode + 1);
        short sig = (short) (certificate + Stamps.HASH);
        Util.arrayCopyNonAtomic(b, at, b, certificate, Stamps.HASH);
        Util.arrayCopyNonAtomic(institution.id, (short) 0, b, at, Institution.ID);
        Util.arrayCopyNonAtomic(pending, BOUND, b, (short) (at + Institution.ID), COUNTS);
        MessageDigest sha = forms.sha;
        forms.begin(sha, Forms.CARD);
        sha.update(institution.id, (short) 0, Institution.ID);
        sha.doFinal(pending, BOUND, (short) (SIZE - BOUND), b, x);
        b[mode] = pending[MODE];
        sha.doFinal(staging.content, signature, (short) (staging.length() - signature), b, sig);
        stamps.count();
        return stamps.signed(Forms.BOUND, b, (short) (sig + Stamps.HASH - at));
    }

    /// Only now, that this card has just signed: HMAC(K_inst, SubjectPublicKeyInfo of its key).
    private void name(byte kind) {
        if (institution.isKeyed()) {
            cardKey.mac(institution.mac(), kind, staging.content, (short) 0, card, (short) 1);
            card[0] = 1;
        }
    }

    /// The medical card ID of the visit's card. P1: 0 of the institution; 1 of this terminal alone, which
    /// is HMAC(K_inst, element ‖ ID).
    short cardId(byte[] b, short length) {
        byte whose = b[ISO7816.OFFSET_P1];
        if (length != 0) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        if ((whose != 0 && whose != 1) || b[ISO7816.OFFSET_P2] != 0) {
            ISOException.throwIt(ISO7816.SW_INCORRECT_P1P2);
        }
        opening.refuseUnlessOpened();
        if (card[0] == 0) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        if (whose == 0) {
            return Util.arrayCopyNonAtomic(card, (short) 1, b, (short) 0, Stamps.HASH);
        }
        Signature mac = institution.mac();
        mac.update(forms.element, (short) 0, Forms.NAME);
        return mac.sign(card, (short) 1, Stamps.HASH, b, (short) 0);
    }

    /// Signs that a visit was begun and came to nothing, so that its count is accounted for:
    /// `N ‖ element ‖ institution ‖ c ‖ C`.
    short abandon(byte[] b, short length) {
        if (length != 0) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        if (pending[STATE] == NONE) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        short at = ISO7816.OFFSET_CDATA;
        Util.arrayCopyNonAtomic(institution.id, (short) 0, b, at, Institution.ID);
        Util.arrayCopyNonAtomic(pending, BOUND, b, (short) (at + Institution.ID), COUNTS);
        stamps.count();
        pending[STATE] = NONE;
        return stamps.signed(Forms.ABANDONED, b, (short) (Institution.ID + COUNTS));
    }
}
