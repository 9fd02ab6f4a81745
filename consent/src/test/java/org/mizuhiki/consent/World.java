package org.mizuhiki.consent;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.mizuhiki.consent.Statement.CareRelation;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.EmergencyAccess;
import org.mizuhiki.consent.Statement.EmergencyOpening;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.consent.Statement.ProvisionalRegistration;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.consent.Statement.Veto;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;

/// Says things; each thing said is new, because of its nonce.
final class World {
    final SplittableRandom die;
    final PersonId doctor;
    final PersonId colleague;
    final PersonId stranger;
    final PersonId patient;
    final Digest letter = Digest.of((byte) 1);
    final Digest picture = Digest.of((byte) 2);
    final List<Attested<?>> said = new ArrayList<>();

    World(long seed) {
        die = new SplittableRandom(seed);
        doctor = PersonId.random(die);
        colleague = PersonId.random(die);
        stranger = PersonId.random(die);
        patient = PersonId.random(die);
    }

    String nonce() {
        return "%016x%016x".formatted(die.nextLong(), die.nextLong());
    }

    CareRelation relation(PersonId by, PersonId professional, PersonId patient, Instant at, Instant until) {
        return new CareRelation(by, professional, patient, at, until, nonce());
    }

    LetterSealed sealed(Instant at) {
        return new LetterSealed(doctor, patient, letter, List.of(), at, nonce());
    }

    LateralGrant grant(PersonId by, PersonId reader, Instant at, Instant until) {
        return new LateralGrant(by, reader, patient, letter, Digest.of((byte) 9), "referral", at, until, nonce());
    }

    /// Passed on by a reader.
    LateralGrant onward(PersonId by, PersonId reader, LateralGrant under, int onward, Instant at, Instant until) {
        return new LateralGrant(
                by,
                reader,
                patient,
                letter,
                Digest.of((byte) 9),
                "referral",
                at,
                until,
                nonce(),
                Optional.of(under.id()),
                onward);
    }

    /// The author's, which may be passed on.
    LateralGrant mayGoOn(PersonId reader, int onward, Instant at, Instant until) {
        return new LateralGrant(
                doctor,
                reader,
                patient,
                letter,
                Digest.of((byte) 9),
                "referral",
                at,
                until,
                nonce(),
                Optional.empty(),
                onward);
    }

    Veto veto(PersonId by, PersonId bars, Instant at) {
        return new Veto(by, bars, at, nonce());
    }

    ProvisionalRegistration registration(PersonId by, PersonId supervisor, Instant at, Instant until) {
        return new ProvisionalRegistration(
                by, patient, supervisor, picture, Digest.of((byte) 3), Digest.of((byte) 4), at, until, nonce());
    }

    EmergencyAccess access(Instant at, Instant until) {
        return new EmergencyAccess(patient, Digest.of((byte) 5), Digest.of((byte) 6), at, until, nonce());
    }

    EmergencyOpening opening(PersonId by, EmergencyAccess access, Instant at, Instant until) {
        return new EmergencyOpening(
                by,
                patient,
                access.id(),
                new InstitutionCode("1311234567"),
                Digest.of((byte) 7),
                Digest.of((byte) 8),
                "unconscious",
                at,
                until,
                nonce());
    }

    Revocation revocation(PersonId by, Statement ended, Instant at) {
        return new Revocation(by, ended.id(), "withdrawn", at, nonce());
    }

    Disclosure disclosure(PersonId by, Optional<Digest> grant, Instant at) {
        return new Disclosure(by, patient, letter, grant, "treatment", at, nonce());
    }

    <S extends Statement> S say(S statement) {
        said.add(attested(statement));
        return statement;
    }

    static Attested<?> attested(Statement statement) {
        return new Attested<>(statement, Bytes.of(), Pretend.professional(statement.by()), statement.at());
    }

    /// Relation by both halves, letter, and one grant to the colleague for a day, all at `at`.
    LateralGrant referral(Instant at) {
        var until = at.plus(Duration.ofDays(365));
        say(relation(doctor, doctor, patient, at, until));
        say(relation(patient, doctor, patient, at, until));
        say(sealed(at));
        return say(grant(doctor, colleague, at, at.plus(Duration.ofDays(1))));
    }

    static String answer(PersonId who, Digest letter, Instant now, Collection<Attested<?>> said) {
        return switch (new RegionStatute().mayOpen(who, letter, now, said)) {
            case Decision.Permitted _ -> "permitted";
            case Decision.Denied denied -> denied.rule();
        };
    }

    String answer(PersonId who, Instant now) {
        return answer(who, letter, now, said);
    }
}
