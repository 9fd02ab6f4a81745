package org.mizuhiki.apps.role;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.RemoteEnrolment;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peers;

/// An institution's own server, inside its walls: it names the institution's people to the authority.
/// Hospital systems, mail and exchange will be its further work.
final class GatewayRole {
    private GatewayRole() {}

    static RunningRole start(Footing on) {
        var config = on.config();
        var site = config.site();
        var institution = ServerIdentity.of(
                        config.folder().resolve("institution"),
                        site.ticket(),
                        config.authorityUri(),
                        on.region().trust().roots(),
                        on.clock(),
                        on.die())
                .keptUp(ServerIdentity.renewals(
                        config.authorityUri(), on.region().trust().roots(), on.die()));
        var enrolment =
                new RemoteEnrolment(Peers.connect(config.authorityUri(), institution, Patience.usual(), on.die()));
        var server = on.serve(List.of(), on.surroundings());
        return on.running(
                server, Map.of("ticket", asked -> ticket(asked, site, enrolment, on.die())), List.of(institution));
    }

    /// A new person of this institution: a random ID and the ticket that goes with it, two lines to be
    /// printed.
    private static String ticket(
            Map<String, String> asked, RoleConfig.Site site, Enrolment enrolment, SecureRandom die) {
        var id = PersonId.random(die);
        Member member = Asked.need(asked, "kind").equals("professional")
                ? new Member.Professional(id, Asked.need(asked, "name"), site.institution(), site.name())
                : new Member.Patient(id);
        return id + "\n" + enrolment.ticket(member, Asked.life(asked)).revealed();
    }
}
