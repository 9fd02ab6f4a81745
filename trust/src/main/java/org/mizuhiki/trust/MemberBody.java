package org.mizuhiki.trust;

import java.util.Optional;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// A member as it travels in JSON and lies in rows.
///
/// @param kind `person`, `professional`, `institution`, `server`, `device`, `service`
/// @param name a professional's or institution's name, a server's host, empty for the others
public record MemberBody(
        String kind, String identity, String name, Optional<String> institution, Optional<String> institutionName) {
    public static MemberBody of(Member member) {
        return switch (member) {
            case Member.Patient p -> new MemberBody("person", p.identity(), "", Optional.empty(), Optional.empty());
            case Member.Professional p ->
                new MemberBody(
                        "professional",
                        p.identity(),
                        p.name(),
                        Optional.of(p.institution().value()),
                        Optional.of(p.institutionName()));
            case Member.Institution i ->
                new MemberBody("institution", i.identity(), i.name(), Optional.empty(), Optional.empty());
            case Member.Server s -> new MemberBody("server", s.role(), s.host(), Optional.empty(), Optional.empty());
            case Member.Device d -> new MemberBody("device", d.identity(), "", Optional.empty(), Optional.empty());
            case Member.Service s -> new MemberBody("service", s.identity(), "", Optional.empty(), Optional.empty());
        };
    }

    /// @throws Refusal `member-malformed` and those of the parts
    public Member member() {
        if (kind.equals("professional")) {
            return new Member.Professional(
                    new PersonId(identity),
                    name,
                    new InstitutionCode(institution.orElseThrow(Member::malformed)),
                    institutionName.orElseThrow(Member::malformed));
        }
        boolean nameless = kind.equals("person") || kind.equals("device") || kind.equals("service");
        if (institution.isPresent() || institutionName.isPresent() || (nameless && !name.isEmpty())) {
            throw Member.malformed();
        }
        return switch (kind) {
            case "person" -> new Member.Patient(new PersonId(identity));
            case "institution" -> new Member.Institution(new InstitutionCode(identity), name);
            case "server" -> new Member.Server(identity, name);
            case "device" -> Member.Device.parse(identity);
            case "service" -> Member.Service.parse(identity);
            default -> throw Member.malformed();
        };
    }
}
