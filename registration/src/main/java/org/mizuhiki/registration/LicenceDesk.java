package org.mizuhiki.registration;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Affiliation;

/// Takes acts about accreditations, in the caller's transaction.
///
/// @param body the accreditation body; without one nobody is accredited
record LicenceDesk(Optional<InstitutionCode> body, Clock clock) {
    void take(Handle rows, SignedAct signed) {
        var act = signed.act();
        var accreditor = body.orElseThrow(LicenceDesk::nobody);
        var now = clock.instant();
        Licence after;
        int number;
        if (act.place().isEmpty() && act.step() instanceof Step.AccreditationApplication application) {
            after = Licence.applied(
                    act, application, Affiliation.of(signed.signer()).name());
            mustBeFree(rows, after);
            RegistryRows.open(rows, act, true, now);
            number = 0;
        } else {
            var done = RegistryRows.done(rows, act.file());
            var before = LicenceRows.get(rows, act.file());
            new LicenceRules(before, accreditor, done.getLast().act().id(), now).mustFit(act);
            after = before.after(act.step());
            number = done.size();
        }
        RegistryRows.add(rows, signed, number, List.of());
        LicenceRows.put(rows, after);
        RegistryRows.outline(
                rows,
                act.file(),
                new RegistryRows.Outline(after.state().name(), Optional.empty(), Optional.empty()),
                List.of(after.holder(), accreditor),
                after.turns(accreditor));
    }

    private static void mustBeFree(Handle rows, Licence applied) {
        RegistryRows.lock(rows, "applications");
        boolean waiting = LicenceRows.of(rows, applied.holder(), applied.role()).stream()
                .anyMatch(l -> l.state() == Licence.State.APPLIED);
        if (waiting) {
            throw Refusal.of(
                    "application-exists",
                    "同じ役割の認定申請が審査中です。結果をお待ちください",
                    "An application for this role is being looked at already; wait for its answer");
        }
        if (applied.vendor()
                .filter(v -> LicenceRows.isVendorTaken(rows, v, applied.holder()))
                .isPresent()) {
            throw Refusal.of(
                    "vendor-taken",
                    "この機器提供者コードは別の機関が使っています",
                    "Another organisation has this vendor's code; choose another");
        }
    }

    private static Refusal nobody() {
        return Refusal.of(
                "accreditation-body-missing",
                "この地域には登録認定機関がまだ定められていません。運営者に連絡してください",
                "No accreditation body is named in this region's configuration; tell the operator");
    }
}
