package org.mizuhiki.registration;

import java.time.Duration;
import java.time.Instant;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;

/// Whether an act may follow on those of an accreditation.
///
/// @param body the accreditation body
/// @param last the newest act
record LicenceRules(Licence before, InstitutionCode body, Digest last, Instant now) {
    /// The longest life of an accreditation.
    static final Duration LONGEST = Duration.ofDays(5 * 365 + 1);

    /// @throws Refusal `file-unknown`, `step-not-yours`, `step-done`, `step-too-early`, `act-not-next`,
    /// `accreditation-life`
    void mustFit(Act act) {
        boolean isBody = act.by().equals(body);
        if (!isBody && !act.by().equals(before.holder())) {
            throw CaseRules.unknown();
        }
        switch (act.step()) {
            case Step.AccreditationAnswer s -> {
                CaseRules.mustBeTheirs(isBody);
                mustBe(before.state() == Licence.State.APPLIED);
                s.until().ifPresent(this::mustBeALife);
            }
            case Step.AccreditationWithdrawal _ ->
                mustBe(before.state() == Licence.State.APPLIED || before.state() == Licence.State.APPROVED);
            default -> throw CaseRules.notHere();
        }
        CaseRules.mustFollow(act, last);
    }

    private static void mustBe(boolean open) {
        if (!open) {
            throw CaseRules.alreadyDone();
        }
    }

    private void mustBeALife(Instant until) {
        if (!until.isAfter(now) || until.isAfter(now.plus(LONGEST))) {
            throw Refusal.of(
                    "accreditation-life",
                    "認定の期限は、今日より後で5年以内の日時にしてください",
                    "An accreditation ends in the future, within five years");
        }
    }
}
