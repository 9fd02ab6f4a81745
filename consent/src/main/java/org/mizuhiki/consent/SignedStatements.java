package org.mizuhiki.consent;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.mizuhiki.consent.Statement.CareRelation;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.EmergencyAccess;
import org.mizuhiki.consent.Statement.EmergencyOpening;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.LetterResealed;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.consent.Statement.ProvisionalConfirmation;
import org.mizuhiki.consent.Statement.ProvisionalRegistration;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.consent.Statement.Veto;
import org.mizuhiki.consent.Statement.VetoLifted;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.SignedRecords;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Validator;

/// Statements as CAdES-T signed canonical records, believed only when signer, role, time and life fit
/// what they say.
///
/// @param clock whole-second now, to refuse what claims to come from the future
public record SignedStatements(SignedRecords records, Validator validator, Clock clock) implements Statements {
    /// How far the clocks of signer, stamp authority and server may differ.
    public static final Duration TOLERANCE = Duration.ofMinutes(5);

    /// The longest life of a lateral grant.
    public static final Duration LONGEST_GRANT = Duration.ofDays(90);

    /// The longest time until a provisional registration lapses.
    public static final Duration LONGEST_REGISTRATION = Duration.ofDays(31);

    /// The longest life of an emergency opening.
    public static final Duration LONGEST_OPENING = Duration.ofDays(1);

    /// The longest life of a care relation, and of what a patient allows for emergencies, in calendar years
    /// (UTC).
    public static final int LONGEST_RELATION_YEARS = 5;

    @Override
    public <S extends Statement> Bytes sign(S statement, Author author, StampAuthority stamps) {
        var record = statement.canonical();
        // nothing is signed that the other side would refuse, or would read as something else
        checkLife(StatementForm.read(record));
        return records.sign(record, author, stamps);
    }

    @Override
    public Attested<Statement> check(Bytes signed) {
        if (signed.size() > SignedRecords.MAX_BYTES) {
            throw Refusal.of("statement-malformed", "申告書が大きすぎます", "The statement is too large");
        }
        var verified = records.verify(signed);
        var statement = StatementForm.read(verified.record());
        var signer = validator.check(verified.signature());
        checkSigner(statement, signer);
        checkTime(statement, verified.signature().stampedAt());
        checkLife(statement);
        return new Attested<>(statement, signed, signer, verified.signature().stampedAt());
    }

    @Override
    public <S extends Statement> Attested<S> check(Bytes signed, Class<S> kind) {
        var attested = check(signed);
        if (!kind.isInstance(attested.statement())) {
            throw Refusal.of("statement-kind", "この操作にはちがう種類の申告書が必要です", "This needs a statement of another kind");
        }
        return new Attested<>(
                kind.cast(attested.statement()), attested.signed(), attested.signer(), attested.stampedAt());
    }

    private static void checkSigner(Statement statement, Member signer) {
        var id = switch (signer) {
            case Member.Patient p -> p.id();
            case Member.Professional p -> p.id();
            case Member.Institution _, Member.Server _, Member.Device _, Member.Service _ -> null;
        };
        if (!statement.by().equals(id)) {
            throw Refusal.of(
                    "statement-signer",
                    "申告書に書かれた本人の署名ではありません",
                    "The statement was signed by somebody else than it says");
        }
        if (needsProfessional(statement) && !(signer instanceof Member.Professional)) {
            throw Refusal.of(
                    "statement-not-professional",
                    "この申告ができるのは、医療機関に所属が確認された医療従事者だけです",
                    "Only a professional attested by an institution can say this");
        }
    }

    /// Whether a reader under a grant has to be a professional follows from the grant: the key server asks before it
    /// releases a slot. An owner's own grant needs no profession.
    private static boolean needsProfessional(Statement statement) {
        return switch (statement) {
            case LetterSealed _, LetterResealed _, ProvisionalRegistration _, EmergencyOpening _ -> true;
            case LateralGrant s -> !s.by().equals(s.owner());
            case ProvisionalConfirmation s -> !s.by().equals(s.patient());
            case CareRelation s -> s.by().equals(s.professional());
            case Disclosure _, Revocation _, Veto _, VetoLifted _, EmergencyAccess _ -> false;
        };
    }

    private void checkTime(Statement statement, Instant stampedAt) {
        var apart = Duration.between(statement.at(), stampedAt).abs();
        if (apart.compareTo(TOLERANCE) > 0
                || statement.at().isAfter(clock.instant().plus(TOLERANCE))) {
            throw Refusal.of(
                    "statement-time",
                    "申告書の時刻がタイムスタンプまたは現在時刻と5分以上ずれています。端末の時計を合わせて署名し直してください",
                    "The statement's time is more than five minutes from its stamp or from now; set the clock, sign again");
        }
    }

    private static void checkLife(Statement statement) {
        boolean tooLong = switch (statement) {
            case LateralGrant s -> s.until().isAfter(s.at().plus(LONGEST_GRANT));
            case CareRelation s -> s.until().isAfter(yearsAfter(s.at()));
            case EmergencyAccess s -> s.until().isAfter(yearsAfter(s.at()));
            case EmergencyOpening s -> s.until().isAfter(s.at().plus(LONGEST_OPENING));
            case ProvisionalRegistration s -> s.until().isAfter(s.at().plus(LONGEST_REGISTRATION));
            case LetterSealed _,
                    LetterResealed _,
                    Revocation _,
                    Disclosure _,
                    Veto _,
                    VetoLifted _,
                    ProvisionalConfirmation _ -> false;
        };
        if (tooLong) {
            throw Refusal.of(
                    "statement-too-long",
                    "有効期間が長すぎます（横認証は90日、診療関係と緊急時の許可は5年、仮登録は31日、緊急開示は1日まで）",
                    "It would last too long: a lateral grant at most 90 days, a care relation and what is allowed"
                            + " for emergencies at most 5 years, a provisional registration at most 31 days, an"
                            + " emergency opening at most a day");
        }
    }

    private static Instant yearsAfter(Instant at) {
        return at.atOffset(ZoneOffset.UTC).plusYears(LONGEST_RELATION_YEARS).toInstant();
    }
}
