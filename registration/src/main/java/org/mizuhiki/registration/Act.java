package org.mizuhiki.registration;

import java.time.Instant;
import java.util.Optional;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.ledger.Entry;

/// One act of the procedure, to be signed. Its one encoding is [#canonical]; its ID is the digest of that.
///
/// @param place where it stands; absent in the act that opens a file
/// @param by the acting institution
/// @param signer person ID of who signs for it, or the institution's code when its own certificate does
/// @param at whole seconds, UTC
/// @param nonce 128 random bits, hexadecimal
public record Act(Optional<Place> place, InstitutionCode by, String signer, Instant at, String nonce, Step step) {
    /// @param file ID of the act that opened the file
    /// @param before ID of the act right before this one
    public record Place(Digest file, Digest before) {}

    /// @throws org.mizuhiki.house.Refusal `act-malformed`
    public Act {
        if (place.isEmpty() && !step.kind().opens()) {
            throw ActForm.malformed("file", null);
        }
        if (!signer.equals(by.value())) {
            var _ = new PersonId(signer).value();
        }
    }

    public Canonical canonical() {
        return ActForm.of(this);
    }

    public Digest id() {
        return canonical().digest();
    }

    /// The file that it belongs to, or opens.
    public Digest file() {
        return place.map(Place::file).orElseGet(this::id);
    }

    public Kind kind() {
        return step.kind();
    }

    /// What the ledger holds of it.
    public Entry entry() {
        return new Entry(kind().text(), id());
    }
}
