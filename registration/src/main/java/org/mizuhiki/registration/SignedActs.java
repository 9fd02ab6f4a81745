package org.mizuhiki.registration;

import java.time.Duration;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.SignedRecords;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.trust.Affiliation;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Validator;

/// Acts as CAdES-T signed canonical records, believed only when signer and time fit what they say.
public record SignedActs(SignedRecords records, Validator validator) {
    /// How far an act's own time and its stamp may lie apart.
    public static final Duration TOLERANCE = Duration.ofMinutes(5);

    /// @throws Refusal `stamp-unavailable`, `act-malformed`
    public Bytes sign(Act act, Author author, StampAuthority stamps) {
        // nothing is signed that the other side would read as something else
        return records.sign(ActForm.read(act.canonical()).canonical(), author, stamps);
    }

    /// @throws Refusal `act-malformed`, `act-signer` (signed by somebody else than it says),
    /// `act-not-personal` (a named person must sign this), `act-time`, and those of signature, stamp and
    /// [Validator], which asks whether the signer stood when the stamp was made
    public SignedAct check(Bytes signed) {
        if (signed.size() > SignedRecords.MAX_BYTES) {
            throw ActForm.malformed("?", null);
        }
        var verified = records.verify(signed);
        var act = ActForm.read(verified.record());
        var signer = validator.check(verified.signature());
        checkSigner(act, signer);
        var apart = Duration.between(act.at(), verified.signature().stampedAt()).abs();
        if (apart.compareTo(TOLERANCE) > 0) {
            throw time();
        }
        return new SignedAct(act, signed, signer, verified.signature());
    }

    private static void checkSigner(Act act, Member signer) {
        if (!Affiliation.of(signer).code().equals(act.by())
                || !signer.identity().equals(act.signer())) {
            throw Refusal.of(
                    "act-signer", "手続き書に書かれた機関・本人の署名ではありません", "The act was signed by somebody else than it says");
        }
        if (act.kind().isPersonal() && !(signer instanceof Member.Professional)) {
            throw Refusal.of(
                    "act-not-personal",
                    "申請・承認・受領・取消しには、担当者個人の署名が必要です",
                    "An application, an answer, a receipt or a withdrawal is signed by a person of the institution");
        }
    }

    static Refusal time() {
        return Refusal.of(
                "act-time",
                "手続き書の時刻がタイムスタンプまたは現在時刻と合いません。端末の時計を合わせて署名し直してください",
                "The act's time does not fit its stamp or the present; set the clock, sign again");
    }
}
