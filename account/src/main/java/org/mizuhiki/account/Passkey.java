package org.mizuhiki.account;

import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Secret;

/// A passkey with the PRF extension (WebAuthn Level 3, 10.1.4; CTAP 2.1 hmac-secret). The credential has to
/// be discoverable: a device that lost everything knows the person's ID only, and the salt follows from it.
///
/// @param credential its ID
/// @param publicKey COSE_Key, for a portal that checks assertions
/// @param prf 32 bytes: the PRF's first result for [#salt]
public record Passkey(Bytes credential, Bytes publicKey, Secret prf) {
    static final int PRF = 32;
    private static final int LONGEST_CREDENTIAL = 1023;
    private static final int LONGEST_KEY = 512;

    public Passkey {
        if (prf.size() != PRF
                || credential.size() < 1
                || credential.size() > LONGEST_CREDENTIAL
                || publicKey.size() > LONGEST_KEY) {
            throw No.damaged();
        }
    }

    /// The input of the PRF, `eval.first`: 32 bytes, not secret.
    public static Bytes salt(PersonId person) {
        var context = Canonical.of(Map.of("purpose", "mizuhiki account v1 passkey", "person", person.value()));
        return Bytes.of(context.digest().toArray());
    }

    public WayIn.OfPasskey way() {
        return new WayIn.OfPasskey(prf);
    }

    Canonical notes(PersonId person) {
        return Canonical.of(Map.of(
                "credential", credential.asBase64(),
                "public-key", publicKey.asBase64(),
                "salt", salt(person).asBase64()));
    }
}
