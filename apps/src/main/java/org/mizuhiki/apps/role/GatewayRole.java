package org.mizuhiki.apps.role;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.records.Finding;
import org.mizuhiki.records.LetterCheck;
import org.mizuhiki.records.LetterForm;
import org.mizuhiki.records.ProfileValidator;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.RemoteEnrolment;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Peers;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// An institution's own server, inside its walls: tickets for its people, and a warm validator for its
/// letters. The only
/// server that may see plaintext, because it belongs to the letter's author.
final class GatewayRole {
    private GatewayRole() {}

    /// @param findings errors first; nothing of the letter is kept
    record Checked(boolean accepted, List<Finding> findings) {}

    static RunningRole start(Footing on) {
        var config = on.config();
        var site = config.site();
        var roots = on.region().trust().roots();
        var institution = ServerIdentity.of(
                config.folder().resolve("institution"), site.ticket(), config.authorityUri(), roots, on.die());
        var enrolment = new RemoteEnrolment(Peers.connect(config.authorityUri(), institution, on.die()));
        var form = form(config);
        var check = Route.post(
                        "/v1/letters/check",
                        "Whether a letter has the national form; nothing of it is kept",
                        Access.PROFESSIONAL,
                        byte[].class,
                        Checked.class,
                        call -> new Reply.Json(checked(form.check(call.bytes()))))
                .upTo(LetterForm.MAX_BYTES);
        var server = on.serve(List.of(check), on.surroundings());
        return on.running(server, Map.of("ticket", asked -> ticket(asked, site, enrolment, on.die())), List.of());
    }

    private static LetterForm form(RoleConfig config) {
        Optional<LetterForm> full = config.fhirPackages().map(ProfileValidator::over);
        return full.orElseGet(DocumentRules::new);
    }

    private static Checked checked(LetterCheck check) {
        return new Checked(check instanceof LetterCheck.Accepted, check.findings());
    }

    /// A new person of this institution: a random ID and the ticket that goes with it, two lines to be
    /// printed.
    private static String ticket(
            Map<String, String> asked, RoleConfig.Site site, Enrolment enrolment, java.security.SecureRandom die) {
        var id = PersonId.random(die);
        Member member = Asked.need(asked, "kind").equals("professional")
                ? new Member.Professional(id, Asked.need(asked, "name"), site.institution(), site.name())
                : new Member.Patient(id);
        return id + "\n" + enrolment.ticket(member, Asked.life(asked)).revealed();
    }
}
