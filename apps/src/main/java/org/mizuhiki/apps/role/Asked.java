package org.mizuhiki.apps.role;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Revocation.Reason;

/// The operator's words as what they mean.
final class Asked {
    private static final int USUAL_DAYS = 7;

    private Asked() {}

    /// `kind=server role= host=` · `kind=institution code= name=` · `kind=device
    /// device=vendor/model/serial` · `kind=service subscriber= service= device=` · `kind=patient id=` ·
    /// `kind=professional id= name= code= institution=`.
    static Member member(Map<String, String> asked) {
        return switch (need(asked, "kind")) {
            case "server" -> new Member.Server(need(asked, "role"), need(asked, "host"));
            case "institution" -> new Member.Institution(new InstitutionCode(need(asked, "code")), need(asked, "name"));
            case "device" -> Member.Device.parse(need(asked, "device"));
            case "service" ->
                new Member.Service(
                        need(asked, "subscriber"), need(asked, "service"), Member.Device.parse(need(asked, "device")));
            case "patient" -> new Member.Patient(new PersonId(need(asked, "id")));
            case "professional" ->
                new Member.Professional(
                        new PersonId(need(asked, "id")),
                        need(asked, "name"),
                        new InstitutionCode(need(asked, "code")),
                        need(asked, "institution"));
            default ->
                throw Refusal.of(
                        "argument-malformed",
                        "kind は server, institution, device, service, professional, patient のいずれかです",
                        "kind is one of server, institution, device, service, professional, patient");
        };
    }

    /// Who is to be let in: as [#member], a server in a role that exists. Another could be revoked still.
    static Member newcomer(Map<String, String> asked) {
        var member = member(asked);
        return member instanceof Member.Server ? server(asked) : member;
    }

    /// `role= host=`; of several in one role each may have a name of its own, such as `gateway-a`.
    static Member.Server server(Map<String, String> asked) {
        var role = need(asked, "role");
        if (Roles.NAMES.stream().noneMatch(known -> role.equals(known) || role.startsWith(known + "-"))) {
            var all = String.join(", ", Roles.NAMES);
            throw Refusal.of(
                    "argument-malformed",
                    "role は " + all + " のいずれか（複数あるときは gateway-a のように続ける）です。「" + role + "」という役割はありません",
                    "role is one of " + all + ", or such as gateway-a where there are several; '" + role + "' is none");
        }
        return new Member.Server(role, need(asked, "host"));
    }

    /// Who is to be revoked: `id=P-…` for any person, else as [#member].
    static Member revoked(Map<String, String> asked) {
        return asked.containsKey("id") ? new Member.Patient(new PersonId(need(asked, "id"))) : member(asked);
    }

    /// `days=`, a week if nothing is said.
    static Duration life(Map<String, String> asked) {
        return life(asked, USUAL_DAYS);
    }

    /// `days=`.
    ///
    /// @param usual if nothing is said
    static Duration life(Map<String, String> asked, int usual) {
        var days = asked.getOrDefault("days", Integer.toString(usual));
        try {
            return Duration.parse("P" + days + "D");
        } catch (DateTimeParseException e) {
            throw Refusal.of("argument-malformed", "days は日数です", "days is a number of days", e);
        }
    }

    /// `reason=key-compromise` and so on; unspecified if nothing is said: lists and status answers tell what the
    /// operator said and no more.
    static Reason reason(Map<String, String> asked) {
        var said = asked.getOrDefault("reason", word(Reason.UNSPECIFIED));
        return Stream.of(Reason.values())
                .filter(reason -> word(reason).equals(said))
                .findFirst()
                .orElseThrow(() -> {
                    var all = Stream.of(Reason.values()).map(Asked::word).collect(Collectors.joining(", "));
                    return Refusal.of("argument-malformed", "reason は " + all + " のいずれかです", "reason is one of " + all);
                });
    }

    private static String word(Reason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static String need(Map<String, String> asked, String name) {
        var value = asked.get(name);
        if (value == null || value.isBlank()) {
            throw Refusal.of("argument-missing", "「" + name + "=…」を指定してください", "Please say " + name + "=…");
        }
        return value;
    }
}
