package org.mizuhiki.applets.nationalcard;

import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import org.mizuhiki.applets.curve.Curve;

/// What is on the card, by the names that its files have there, and who may use it.
final class Contents {
    private static final short SIGNATURE_CERTIFICATE = 0x0001;
    private static final short SIGNATURE_CA = 0x0002;
    private static final short TOKEN_NAME = 0x0006;
    private static final short AUTHENTICATION_CERTIFICATE = 0x000a;
    private static final short AUTHENTICATION_CA = 0x000b;
    private static final short AUTHENTICATION_KEY = 0x0017;
    private static final short AUTHENTICATION_PIN = 0x0018;
    private static final short SIGNATURE_KEY = 0x001a;
    private static final short SIGNATURE_PIN = 0x001b;
    private static final short TOKEN = 32;

    final Institution institution = new Institution(new Curve());
    private final Credential authentication = Credential.authentication();
    private final Credential signature = Credential.signature();
    private final File token = new File(TOKEN);

    void close() {
        authentication.close();
        signature.close();
        institution.close();
    }

    /// Whether the card can be given to its owner. Spoils the buffer.
    boolean areComplete(byte[] b) {
        return !token.isEmpty() && institution.hasRoot() && authentication.isComplete(b) && signature.isComplete(b);
    }

    void expectKnown(short name) {
        if (!isKey(name) && !isPin(name)) {
            file(name);
        }
    }

    private static boolean isKey(short name) {
        return name == AUTHENTICATION_KEY || name == SIGNATURE_KEY;
    }

    private static boolean isPin(short name) {
        return name == AUTHENTICATION_PIN || name == SIGNATURE_PIN;
    }

    File file(short name) {
        switch (name) {
            case TOKEN_NAME:
                return token;
            case AUTHENTICATION_CERTIFICATE:
                return authentication.certificate;
            case AUTHENTICATION_CA:
                return authentication.issuer;
            case SIGNATURE_CERTIFICATE:
                return signature.certificate;
            case SIGNATURE_CA:
                return signature.issuer;
            default:
                ISOException.throwIt(ISO7816.SW_FILE_NOT_FOUND);
                return token;
        }
    }

    /// The signature certificate shows name, address, birth date and sex: only to whoever has its PIN.
    File readable(short name) {
        if (name == 0 || isKey(name) || isPin(name)) {
            ISOException.throwIt(ISO7816.SW_COMMAND_NOT_ALLOWED);
        }
        if (name == SIGNATURE_CERTIFICATE && !signature.isOpen()) {
            ISOException.throwIt(ISO7816.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
        return file(name);
    }

    Credential ofPin(short name) {
        if (!isPin(name)) {
            ISOException.throwIt(ISO7816.SW_COMMAND_NOT_ALLOWED);
        }
        return name == AUTHENTICATION_PIN ? authentication : signature;
    }

    Credential ofKey(short name) {
        if (!isKey(name)) {
            ISOException.throwIt(ISO7816.SW_COMMAND_NOT_ALLOWED);
        }
        return name == AUTHENTICATION_KEY ? authentication : signature;
    }

    /// Whose key may sign now: of whoever showed its PIN, and the authentication key's, never the other's,
    /// when an institution has proven itself in this session.
    Credential permitted(short key) {
        Credential credential = ofKey(key);
        boolean institutions = key == AUTHENTICATION_KEY && institution.isPermitted();
        if (!credential.isOpen() && !institutions) {
            ISOException.throwIt(ISO7816.SW_SECURITY_STATUS_NOT_SATISFIED);
        }
        return credential;
    }
}
