package org.mizuhiki.seal;

import java.security.SecureRandom;

/// The door: hands out the room's workers. All randomness comes from `die`.
public record Seals(SecureRandom die) {
    public Letters letters() {
        return soon();
    }

    public SignedRecords records() {
        return soon();
    }

    public Streams streams() {
        return soon();
    }

    public Stamps stamps() {
        return soon();
    }

    public PassphraseBox boxes() {
        return soon();
    }

    /// A fresh X-Wing key pair.
    public Opener.XWing newReaderKey() {
        return soon();
    }

    @SuppressWarnings("TypeParameterUnusedInFormals")
    private static <T> T soon() {
        throw new UnsupportedOperationException();
    }
}
