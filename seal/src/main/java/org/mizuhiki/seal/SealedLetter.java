package org.mizuhiki.seal;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;

/// A closed letter in two parts: `body` is the DER ContentInfo of an AuthEnvelopedData whose recipientInfos
/// are left out (an empty SET, which never reaches a CMS parser), `slots` are the recipientInfos. Granting
/// adds a slot and leaves the body untouched, so the body is content-addressed and immutable.
public record SealedLetter(Bytes body, List<Slot> slots) {
    public SealedLetter {
        slots = List.copyOf(slots);
    }

    /// The letter's name everywhere: SHA-256 of the body.
    public Digest id() {
        return body.sha256();
    }

    /// The same letter with one more reader; a slot for a key that is already there is replaced.
    public SealedLetter with(Slot slot) {
        var kept = new java.util.ArrayList<>(slots);
        kept.removeIf(s -> s.keyId().equals(slot.keyId()));
        kept.add(slot);
        return new SealedLetter(body, kept);
    }
}
