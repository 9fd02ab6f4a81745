package org.mizuhiki.account;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Secret;

/// A STAND-IN for an authenticator, for tests only: its hmac-secret (CTAP 2.1, 12.5) is HMAC-SHA-256 under a
/// random key of the credential, and WebAuthn's PRF gives it SHA-256 of "WebAuthn PRF", a zero byte and the
/// page's input (WebAuthn Level 3, 10.1.4).
record PrfAuthenticator(Bytes credential, Secret random) {
    PrfAuthenticator(SecureRandom die) {
        this(drawn(die, 32), Secret.taking(drawn(die, 32).toArray()));
    }

    private static Bytes drawn(SecureRandom die, int size) {
        var bytes = new byte[size];
        die.nextBytes(bytes);
        return Bytes.of(bytes);
    }

    Passkey passkey(PersonId person) {
        try {
            var salt = MessageDigest.getInstance("SHA-256");
            salt.update(Bytes.utf8("WebAuthn PRF\0").toArray());
            salt.update(Passkey.salt(person).toArray());
            var mac = Mac.getInstance("HmacSHA256");
            random.lend(r -> {
                try {
                    mac.init(new SecretKeySpec(r, "HmacSHA256"));
                    return true;
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException(e);
                }
            });
            return new Passkey(credential, Bytes.utf8("cose"), Secret.taking(mac.doFinal(salt.digest())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
