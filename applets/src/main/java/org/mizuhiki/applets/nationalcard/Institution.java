package org.mizuhiki.applets.nationalcard;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.CryptoException;
import javacard.security.ECPublicKey;
import javacard.security.RandomData;
import javacard.security.Signature;
import org.mizuhiki.applets.curve.Curve;

/// OUR OWN institution authentication. The commands by which the real card lets an institution in without
/// a PIN are not public; these do the same thing and are understood by no other card.
///
/// The institution shows a certificate of the root that the card believes, `"MZINST1" ‖ 1 ‖ institution(16) ‖
/// point(65)`, and signs the card's challenge: `"MZINST1" ‖ 2 ‖ institution(16) ‖ challenge(16)`. The right
/// that this gives ends with the session.
final class Institution {
    static final short POINT = 65;
    static final short CHALLENGE = 16;
    private static final short NAME = 16;
    private static final short HEAD = 8;
    private static final short CERTIFICATE = (short) (HEAD + NAME + POINT);
    private static final short SHORTEST_SIGNATURE = 8;
    private static final short LONGEST_SIGNATURE = 72;

    private static final byte KNOWN = 0;
    private static final byte ASKED = 1;
    private static final byte PERMITTED = 2;
    private static final short AT_CHALLENGE = 3;
    private static final short AT_NAME = (short) (AT_CHALLENGE + CHALLENGE);

    private final byte[] certificateHead = {'M', 'Z', 'I', 'N', 'S', 'T', '1', 1};
    private final byte[] answerHead = {'M', 'Z', 'I', 'N', 'S', 'T', '1', 2};
    private final ECPublicKey root;
    private final ECPublicKey institution;
    private final Signature ecdsa = Signature.getInstance(Signature.ALG_ECDSA_SHA_256, false);
    private final RandomData die = RandomData.getInstance(RandomData.ALG_SECURE_RANDOM);
    /// Whether an institution is known, a challenge is open, the right is given; challenge; institution.
    private final byte[] session =
            JCSystem.makeTransientByteArray((short) (AT_NAME + NAME), JCSystem.CLEAR_ON_DESELECT);
    private boolean hasRoot;

    Institution(Curve curve) {
        root = curve.publicKey();
        institution = curve.publicKey();
    }

    /// At personalisation: whose certificates the card believes.
    void setRoot(byte[] b, short length) {
        if (length != POINT) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
        load(root, b, ISO7816.OFFSET_CDATA);
        hasRoot = true;
    }

    boolean hasRoot() {
        return hasRoot;
    }

    /// A point that is not on the curve is refused, not kept until somebody trips over it.
    private void load(ECPublicKey key, byte[] b, short at) {
        try {
            key.setW(b, at, POINT);
            ecdsa.init(key, Signature.MODE_VERIFY);
        } catch (CryptoException e) {
            ISOException.throwIt(ISO7816.SW_WRONG_DATA);
        }
    }

    void close() {
        session[KNOWN] = 0;
        session[ASKED] = 0;
        session[PERMITTED] = 0;
    }

    short challenge(byte[] b) {
        die.generateData(session, AT_CHALLENGE, CHALLENGE);
        session[ASKED] = 1;
        return Util.arrayCopyNonAtomic(session, AT_CHALLENGE, b, (short) 0, CHALLENGE);
    }

    /// `certificate(89) ‖ the root's signature`. Another certificate ends the right that one before gave.
    void certificate(byte[] b, short length) {
        session[KNOWN] = 0;
        session[PERMITTED] = 0;
        expectSignature((short) (length - CERTIFICATE));
        short at = ISO7816.OFFSET_CDATA;
        if (Util.arrayCompare(b, at, certificateHead, (short) 0, HEAD) != 0) {
            ISOException.throwIt(ISO7816.SW_WRONG_DATA);
        }
        ecdsa.init(root, Signature.MODE_VERIFY);
        short signature = (short) (at + CERTIFICATE);
        if (!ecdsa.verify(b, at, CERTIFICATE, b, signature, (short) (length - CERTIFICATE))) {
            ISOException.throwIt(ISO7816.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
        load(institution, b, (short) (at + HEAD + NAME));
        Util.arrayCopyNonAtomic(b, (short) (at + HEAD), session, AT_NAME, NAME);
        session[KNOWN] = 1;
    }

    /// The institution's signature over the challenge, which is spent before anything is looked at.
    void authenticate(byte[] b, short length) {
        boolean due = session[KNOWN] == 1 && session[ASKED] == 1;
        session[ASKED] = 0;
        session[PERMITTED] = 0;
        expectSignature(length);
        if (!due) {
            ISOException.throwIt(ISO7816.SW_CONDITIONS_NOT_SATISFIED);
        }
        ecdsa.init(institution, Signature.MODE_VERIFY);
        ecdsa.update(answerHead, (short) 0, HEAD);
        ecdsa.update(session, AT_NAME, NAME);
        if (!ecdsa.verify(session, AT_CHALLENGE, CHALLENGE, b, ISO7816.OFFSET_CDATA, length)) {
            ISOException.throwIt(ISO7816.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
        session[PERMITTED] = 1;
    }

    private static void expectSignature(short length) {
        if (length < SHORTEST_SIGNATURE || length > LONGEST_SIGNATURE) {
            ISOException.throwIt(ISO7816.SW_WRONG_LENGTH);
        }
    }

    boolean isPermitted() {
        return session[PERMITTED] == 1;
    }
}
