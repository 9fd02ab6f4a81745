package org.mizuhiki.consent;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.ledger.Entry;

/// What somebody said, to be signed by that somebody. Times are whole seconds UTC; `nonce` is 128 random
/// bits in hex. The one encoding is [#canonical]; the statement's ID is its digest.
public sealed interface Statement {
    /// Who says it, and hence must have signed it.
    PersonId by();

    Instant at();

    String nonce();

    Canonical canonical();

    default Digest id() {
        return canonical().digest();
    }

    /// The event's name in the ledger and docs/events.md.
    default String kind() {
        return canonical().get("kind");
    }

    /// What the ledger holds of it: the kind and the digest, which the nonce makes meaningless to
    /// outsiders.
    default Entry entry() {
        return new Entry(kind(), id());
    }

    /// A professional treats a person, or a person agrees that this professional treats them: the care
    /// relation stands when both have said it.
    ///
    /// @param by one of the two
    record CareRelation(PersonId by, PersonId professional, PersonId patient, Instant at, Instant until, String nonce)
            implements Statement {
        @Override
        public Canonical canonical() {
            return StatementForm.of(this);
        }
    }

    /// A letter exists: its author, its owner (the patient), its parts by digest.
    ///
    /// @param by the author, a professional
    /// @param letter SHA-256 of the sealed body
    /// @param objects SHA-256 of the closed large objects that belong to it
    record LetterSealed(PersonId by, PersonId owner, Digest letter, List<Digest> objects, Instant at, String nonce)
            implements Statement {
        public LetterSealed {
            objects = List.copyOf(objects);
        }

        @Override
        public Canonical canonical() {
            return StatementForm.of(this);
        }
    }

    /// Lateral grant: a professional opens a letter to another professional, at once, until a time.
    ///
    /// @param slot SHA-256 of the reader slot that goes with it, so that no other slot can be put in its
    /// place
    /// @param purpose a code word such as `referral`, never free text: servers read it
    record LateralGrant(
            PersonId by,
            PersonId reader,
            PersonId owner,
            Digest letter,
            Digest slot,
            String purpose,
            Instant at,
            Instant until,
            String nonce)
            implements Statement {
        @Override
        public Canonical canonical() {
            return StatementForm.of(this);
        }
    }

    /// Ends an earlier statement (relation or grant); may be said by who said it, by the patient, or by the
    /// professional of a relation.
    ///
    /// @param reason a code word such as `withdrawn`, never free text: servers read it
    record Revocation(PersonId by, Digest ends, String reason, Instant at, String nonce) implements Statement {
        @Override
        public Canonical canonical() {
            return StatementForm.of(this);
        }
    }

    /// "I am opening this letter": signed by the reader before the key server releases the slot.
    ///
    /// @param grant the grant that allows it; absent for owner and author
    record Disclosure(
            PersonId by,
            PersonId owner,
            Digest letter,
            Optional<Digest> grant,
            String purpose,
            Instant at,
            String nonce)
            implements Statement {
        @Override
        public Canonical canonical() {
            return StatementForm.of(this);
        }
    }
}
