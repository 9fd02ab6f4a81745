package org.mizuhiki.chip;

import java.security.PublicKey;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;

/// The element of an eligibility terminal as a verifier knows it, and the forms that it signs and believes:
/// `"MZTERM1" ‖ tag ‖ element(32) ‖ content`, or `"MZTICK1" ‖ …` where C counts the ticks of a timer. The
/// element is named by the SHA-256 of its key's point. What a TPM signs is in [TpmTick].
public record ElementKey(PublicKey key, Kind kind) {
    /// What stands behind the key, and so what C counts since power-on.
    public enum Kind {
        STAMPS("MZTERM1"),
        TICKS("MZTICK1"),
        /// Ticks of a millisecond, in a TPM 2.0.
        TPM("MZTPMS1");

        private final String head;

        Kind(String head) {
            this.head = head;
        }
    }

    private static final int NONCE = 16;

    public ElementKey(PublicKey key, boolean ticking) {
        this(key, ticking ? Kind.TICKS : Kind.STAMPS);
    }

    /// Whether C counts ticks; else stamps.
    public boolean ticking() {
        return kind != Kind.STAMPS;
    }

    public Digest name() {
        return Points.point(key).sha256();
    }

    Bytes form(char tag, Bytes... content) {
        return EKey.joined(Bytes.utf8(kind.head + tag), Bytes.of(name().toArray()), EKey.joined(content));
    }

    /// Whether the element signed this content with these counters.
    boolean signed(char tag, Bytes content, TickStamps.Stamp stamp) {
        return kind == Kind.TPM
                ? TpmTick.isSigned(this, tag, content, stamp)
                : Crypto.verifies(key, form(tag, content, stamp.ticks()), stamp.signature());
    }

    /// What the service signs when it asks for an anchor.
    ///
    /// @param asked of [TickStamps#asked]
    public Bytes toSign(Bytes asked) {
        return form('T', asked);
    }

    /// A1, B1.
    public boolean isAnchor(Bytes asked, TickStamps.Stamp stamp) {
        return asked.size() == NONCE + Long.BYTES && signed('1', asked, stamp);
    }

    /// A3.
    ///
    /// @param token of the SHA-256 of a time-stamping authority's token over the anchor
    public boolean isConfirmation(Digest token, TickStamps.Stamp stamp) {
        return signed('2', Bytes.of(token.toArray()), stamp);
    }

    /// A4, B4.
    public boolean isStamp(Digest message, TickStamps.Stamp stamp) {
        return signed('m', Bytes.of(message.toArray()), stamp);
    }
}
