package org.mizuhiki.seal;

import java.security.SecureRandom;
import org.mizuhiki.seal.kem.XWing;

/// The door: hands out the room's workers. All randomness comes from `die`.
public record Seals(SecureRandom die) {
    public Letters letters() {
        return new CmsLetters(die);
    }

    public SignedRecords records() {
        return new CadesRecords(die);
    }

    public Streams streams() {
        return soon();
    }

    public Stamps stamps() {
        return new Rfc3161Stamps(die);
    }

    public PassphraseBox boxes() {
        return soon();
    }

    /// A fresh X-Wing key pair.
    public Opener.XWing newReaderKey() {
        var pair = XWing.generate(die);
        return new Opener.XWing(pair.seed(), pair.publicKey());
    }

    @SuppressWarnings("TypeParameterUnusedInFormals")
    private static <T> T soon() {
        throw new UnsupportedOperationException();
    }
}
