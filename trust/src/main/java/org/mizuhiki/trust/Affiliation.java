package org.mizuhiki.trust;

import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Caller;

/// For which institution somebody speaks, as their certificate says.
///
/// @param name the institution's
public record Affiliation(InstitutionCode code, String name) {
    /// @throws Refusal `signer-not-of-an-institution`
    public static Affiliation of(Member member) {
        return switch (member) {
            case Member.Professional p -> new Affiliation(p.institution(), p.institutionName());
            case Member.Institution i -> new Affiliation(i.code(), i.name());
            case Member.Patient _, Member.Server _, Member.Device _, Member.Service _ -> throw nobodys();
        };
    }

    /// Of whoever connects.
    ///
    /// @throws Refusal `signer-not-of-an-institution`
    public static Affiliation of(Caller caller) {
        return switch (caller) {
            case Caller.Institution i -> of(Member.of(i.certificate()));
            case Caller.Person p -> of(Member.of(p.certificate()));
            case Caller.Device _, Caller.Service _, Caller.Server _, Caller.Program _, Caller.Anyone _ ->
                throw nobodys();
        };
    }

    private static Refusal nobodys() {
        return Refusal.of(
                "signer-not-of-an-institution",
                "この手続きができるのは、機関に所属が確認された人か、機関の証明書だけです",
                "Only people attested by an institution, or its own certificate, can do this");
    }
}
