package org.mizuhiki.pocket;

import java.time.Instant;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.records.Attachment;
import org.mizuhiki.records.Letter;
import org.mizuhiki.trust.Member;

/// A letter that this device opened and checked.
///
/// @param document exactly what the author signed
/// @param author as the certificate says, valid when it was stamped
/// @param proofs the letter's statement, the grant and the relation behind it, and this reader's own
/// disclosure
/// @param leftOut what the key server gave about the letter that does not hold: nothing here rests on it
public record ReadLetter(
        Digest id,
        PersonId owner,
        Member.Professional author,
        Instant signedAt,
        Bytes document,
        List<Proof<?>> proofs,
        OpenedParts parts,
        List<Trail.Broken> leftOut) {
    public ReadLetter {
        proofs = List.copyOf(proofs);
        leftOut = List.copyOf(leftOut);
    }

    /// What opens the attachments: for [Reading#save] only.
    public static final class OpenedParts {
        private final Manifest manifest;

        OpenedParts(Manifest manifest) {
            this.manifest = manifest;
        }

        Manifest manifest() {
            return manifest;
        }
    }

    public List<Attachment> attachments() {
        return parts.manifest().items().stream().map(Manifest.Item::attachment).toList();
    }

    /// For rendering.
    public Letter letter() {
        return new Letter(document, attachments());
    }

    /// Its name only: the content is a patient's.
    @Override
    public String toString() {
        return "ReadLetter[" + id + "]";
    }
}
