package org.mizuhiki.pocket;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// What a hospital system learns of a letter it handed in: `ack/NAME.json`. Written when patient, servers and
/// ledger have the letter, never before.
///
/// @param drop digest of all that was handed in: the same again is the same letter
/// @param letter the letter's name
/// @param statement the author's statement, by which the ledger knows the letter
/// @param sealedAt when the author's statement was signed
/// @param ledger where the statement stands in the ledger
/// @param readers who may read it besides the patient
public record Acknowledgement(
        String name,
        Digest drop,
        Digest letter,
        PersonId patient,
        Digest statement,
        Instant sealedAt,
        Logged ledger,
        List<Granted> readers) {
    public Acknowledgement {
        readers = List.copyOf(readers);
    }

    /// A place in the ledger.
    ///
    /// @param by at the latest then it was in the ledger
    public record Logged(long index, Instant by) {
        static Logged of(Proof<?> proof) {
            return new Logged(proof.evidence().index(), proof.loggedBy());
        }
    }

    /// What became of a reader's grant: it was given, or refused for a reason that lies with the reader.
    public record Granted(PersonId reader, Optional<Digest> grant, Optional<Instant> until, Optional<Why> refused) {
        static Granted of(LateralGrant grant) {
            return new Granted(grant.reader(), Optional.of(grant.id()), Optional.of(grant.until()), Optional.empty());
        }

        static Granted not(PersonId reader, Refusal why) {
            return new Granted(
                    reader,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(new Why(why.code(), why.japanese(), why.english())));
        }
    }

    /// A refusal.
    public record Why(String code, String japanese, String english) {}
}
