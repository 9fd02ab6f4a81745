package org.mizuhiki.registration;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;

/// An accreditation, as its acts add up.
///
/// @param file ID of the application
/// @param holder who applied
/// @param name of the holder, as its certificate said
/// @param vendor a vendor's code in names of devices
/// @param until when an approved one ends
public record Licence(
        Digest file,
        InstitutionCode holder,
        String name,
        Role role,
        Optional<String> vendor,
        State state,
        Optional<Instant> until) {
    /// Where an accreditation stands.
    public enum State {
        APPLIED("申請中"),
        APPROVED("認定"),
        REFUSED("不認定"),
        WITHDRAWN("取消し");

        private final String japanese;

        State(String japanese) {
            this.japanese = japanese;
        }

        public String japanese() {
            return japanese;
        }
    }

    public boolean stands(Instant now) {
        return state == State.APPROVED && until.filter(now::isBefore).isPresent();
    }

    static Licence applied(Act act, Step.AccreditationApplication application, String name) {
        return new Licence(
                act.id(), act.by(), name, application.role(), application.vendor(), State.APPLIED, Optional.empty());
    }

    /// After one act more, which [LicenceRules] allowed.
    Licence after(Step step) {
        return switch (step) {
            case Step.AccreditationAnswer s ->
                new Licence(
                        file,
                        holder,
                        name,
                        role,
                        vendor,
                        s.until().isPresent() ? State.APPROVED : State.REFUSED,
                        s.until());
            case Step.AccreditationWithdrawal _ ->
                new Licence(file, holder, name, role, vendor, State.WITHDRAWN, until);
            default -> this;
        };
    }

    /// Whose turn it is.
    List<Turn> turns(InstitutionCode body) {
        return state == State.APPLIED ? List.of(new Turn(Kind.ACCREDITATION_ANSWER, body)) : List.of();
    }
}
