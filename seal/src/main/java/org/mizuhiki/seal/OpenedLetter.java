package org.mizuhiki.seal;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;

/// What a reader got: authenticated metadata, the content bit for bit, and who signed it when.
public record OpenedLetter(Canonical metadata, Bytes content, Signature signature) {
    /// Sizes only: the content is a patient's.
    @Override
    public String toString() {
        return "OpenedLetter[" + content.size() + " B]";
    }
}
