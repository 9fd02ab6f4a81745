package org.mizuhiki.seal;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;

/// Closes and opens letters and documents up to [#MAX_CONTENT]: CAdES-T SignedData inside AuthEnvelopedData
/// (AES-256-GCM).
public interface Letters {
    /// 20 MB; larger objects go through [Streams].
    int MAX_CONTENT = 20 << 20;

    /// Signs, stamps and closes `content` for `readers`.
    ///
    /// @param metadata authenticated with the content, and as secret as it
    /// @throws org.mizuhiki.house.Refusal `letter-too-large`, `stamp-unavailable`, `readers-missing`
    SealedLetter close(
            Bytes content, Canonical metadata, Author author, StampAuthority stamps, List<? extends Reader> readers);

    /// Opens a letter: slot, tag, signature, stamp; nothing is released unless all of them hold.
    ///
    /// @throws org.mizuhiki.house.Refusal `seal-not-for-you`, `seal-broken`, `signature-broken`,
    /// `stamp-broken`, `suite-unknown`
    OpenedLetter open(SealedLetter letter, Opener opener);

    /// Makes a slot for one more reader out of one's own; the body is not touched (lateral grant).
    ///
    /// @throws org.mizuhiki.house.Refusal `seal-not-for-you`, `seal-broken`
    Slot addSlot(SealedLetter letter, Opener mine, Reader next);

    /// The file form: a plain CMS ContentInfo with all slots, which `openssl cms -decrypt` reads for
    /// classical readers.
    Bytes encode(SealedLetter letter);

    /// @throws org.mizuhiki.house.Refusal `seal-malformed` when it is not exactly one DER
    /// AuthEnvelopedData of our suites
    SealedLetter decode(Bytes cms);
}
