package org.mizuhiki.consent;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
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

    /// Lateral grant: a professional opens a letter to another professional, at once, until a time. Or the owner
    /// opens it to a delegate: then `by` is the owner, `under` is empty and `onward` is 0.
    ///
    /// @param slot SHA-256 of the reader slot that goes with it, so that no other slot can be put in its
    /// place
    /// @param purpose a code word such as `referral`, never free text: servers read it
    /// @param under the grant by which the grantor reads; empty when the grantor is the author
    /// @param onward how many readers one after the other may pass the letter on; 0 to [#MOST_ONWARD]
    record LateralGrant(
            PersonId by,
            PersonId reader,
            PersonId owner,
            Digest letter,
            Digest slot,
            String purpose,
            Instant at,
            Instant until,
            String nonce,
            Optional<Digest> under,
            int onward)
            implements Statement {
        /// The longest way from the author's own reader to the last one.
        public static final int MOST_ONWARD = 2;

        /// The author's, whose reader may not pass it on.
        public LateralGrant(
                PersonId by,
                PersonId reader,
                PersonId owner,
                Digest letter,
                Digest slot,
                String purpose,
                Instant at,
                Instant until,
                String nonce) {
            this(by, reader, owner, letter, slot, purpose, at, until, nonce, Optional.empty(), 0);
        }

        @Override
        public Canonical canonical() {
            return StatementForm.of(this);
        }
    }

    /// A patient bars a reader from all letters about the patient. It ends every grant to that reader for
    /// good; new ones count only when they are given after a [VetoLifted].
    ///
    /// @param by the patient
    /// @param bars who is to read nothing by anybody's grant
    record Veto(PersonId by, PersonId bars, Instant at, String nonce) implements Statement {
        @Override
        public Canonical canonical() {
            return StatementForm.of(this);
        }
    }

    /// The patient takes a veto back. No [Revocation]: one never opens anything.
    ///
    /// @param by the patient
    record VetoLifted(PersonId by, Digest lifts, Instant at, String nonce) implements Statement {
        @Override
        public Canonical canonical() {
            return StatementForm.of(this);
        }
    }

    /// Provisional registration: an accredited registrar gave an ID to a patient who has none, and shows it
    /// by a picture of both. Until it ends it stands for the patient's half of the care relation with the
    /// registrar.
    ///
    /// @param by the registrar, a professional
    /// @param supervisor who may look at the picture, beside the patient
    /// @param evidence SHA-256 of the sealed picture's body
    /// @param picture SHA-256 of the picture itself
    /// @param key SHA-256 of the sealing key that the printed activation secret gives
    /// @param until when it lapses, unless the patient has activated it
    record ProvisionalRegistration(
            PersonId by,
            PersonId patient,
            PersonId supervisor,
            Digest evidence,
            Digest picture,
            Digest key,
            Instant at,
            Instant until,
            String nonce)
            implements Statement {
        @Override
        public Canonical canonical() {
            return StatementForm.of(this);
        }
    }

    /// The patient activated a provisional registration, or a professional of another institution saw the
    /// patient with the device that did.
    record ProvisionalConfirmation(PersonId by, PersonId patient, Digest registration, Instant at, String nonce)
            implements Statement {
        @Override
        public Canonical canonical() {
            return StatementForm.of(this);
        }
    }

    /// An author closed a letter's key for the owner's new key, after the owner lost the old one and
    /// enrolled again. The ciphertext is the same.
    ///
    /// @param by the letter's author
    /// @param key SHA-256 of the owner's sealing key, which the directory proves
    /// @param slot SHA-256 of the slot that comes in the place of the owner's
    record LetterResealed(PersonId by, PersonId owner, Digest letter, Digest key, Digest slot, Instant at, String nonce)
            implements Statement {
        @Override
        public Canonical canonical() {
            return StatementForm.of(this);
        }
    }

    /// Ends an earlier statement (relation, grant, provisional registration); [Statute#mayEnd] says
    /// who may.
    ///
    /// @param reason a code word such as `withdrawn`, never free text: servers read it
    record Revocation(PersonId by, Digest ends, String reason, Instant at, String nonce) implements Statement {
        @Override
        public Canonical canonical() {
            return StatementForm.of(this);
        }
    }

    /// A patient lets a professional read in an emergency, with the patient's card at an accredited terminal
    /// (docs/flows/emergency.md). Until then it opens nothing.
    ///
    /// @param by the patient
    /// @param card SHA-256 of the certificate of the card's key
    /// @param key SHA-256 of the sealing key that card and key server give together; letters' keys are
    /// closed for it
    /// @param nonce also in what the card signs: another permission is another key
    record EmergencyAccess(PersonId by, Digest card, Digest key, Instant at, Instant until, String nonce)
            implements Statement {
        @Override
        public Canonical canonical() {
            return StatementForm.of(this);
        }
    }

    /// "This is an emergency": a professional who has the patient's card at a terminal opens what the patient
    /// allowed for that.
    ///
    /// @param by the professional
    /// @param access the patient's [EmergencyAccess]
    /// @param institution where: that of the professional and of the terminal
    /// @param terminal the name of the terminal's element
    /// @param presence SHA-256 of the evidence that card and terminal were there
    /// @param reason a code word such as `unconscious`
    /// @param until when it is over: at most a day
    record EmergencyOpening(
            PersonId by,
            PersonId patient,
            Digest access,
            InstitutionCode institution,
            Digest terminal,
            Digest presence,
            String reason,
            Instant at,
            Instant until,
            String nonce)
            implements Statement {
        @Override
        public Canonical canonical() {
            return StatementForm.of(this);
        }
    }

    /// "I am opening this letter": signed by the reader before the key server releases the slot.
    ///
    /// @param grant the grant, or the emergency opening, that allows it; absent for owner and author
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
