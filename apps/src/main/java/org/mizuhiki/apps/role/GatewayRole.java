package org.mizuhiki.apps.role;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.mizuhiki.dues.RemoteDues;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.trust.EnrolmentLink;
import org.mizuhiki.trust.Invitations;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.RemoteEnrolment;
import org.mizuhiki.trust.RemoteInvitations;
import org.mizuhiki.trust.RemoteRegistrarTickets;
import org.mizuhiki.trust.RemoteRevocation;
import org.mizuhiki.trust.Revocation;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.wire.Json;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peers;

/// An institution's own server, inside its walls: it names the institution's people to the authority.
/// Hospital systems hand letters over at a door of their own, docs/flows/hospital-api.md, or by a folder.
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
                .keptUp(
                        ServerIdentity.renewals(
                                config.authorityUri(), on.region().trust().roots(), on.die()),
                        on.standing()::isOfRetiredCa);
        var authority = Peers.connect(config.authorityUri(), institution, Patience.usual(), on.die());
        var enrolment = new RemoteEnrolment(authority);
        var server = on.serve(List.of(), on.surroundings());
        var operations = new HashMap<String, OperatorDoor.Operation>();
        operations.put("ticket", asked -> ticket(asked, site, enrolment::ticket, on.die()));
        operations.put(
                "registrar-ticket",
                asked -> ticket(asked, site, new RemoteRegistrarTickets(authority)::ticket, on.die()));
        operations.put("revoke", asked -> revoke(asked, new RemoteRevocation(authority)));
        operations.putAll(desk(on, site, new RemoteInvitations(authority)));
        config.office()
                .map(address -> new RemoteDues(Peers.connect(address, institution, Patience.usual(), on.die())))
                .map(DuesOperations::of)
                .ifPresent(operations::putAll);
        var behind = new ArrayList<AutoCloseable>();
        config.hospital().ifPresent(place -> {
            var door = HospitalDoor.open(on, place);
            operations.putAll(door.operations());
            behind.add(door);
        });
        behind.add(institution);
        return on.running(server, operations, behind);
    }

    /// The desk: `invite`, and what becomes of it.
    private static Map<String, OperatorDoor.Operation> desk(Footing on, RoleConfig.Site site, Invitations invitations) {
        return Map.of(
                "invite", asked -> invite(asked, on, site, invitations),
                "invitation", asked -> told(invitations.standing(Asked.need(asked, "invitation"))),
                "confirm",
                        asked -> told(invitations.confirm(Asked.need(asked, "invitation"), Asked.need(asked, "code"))),
                "decline", asked -> told(invitations.decline(Asked.need(asked, "invitation"))));
    }

    /// A new person's random ID and the link for the QR code.
    private static String invite(Map<String, String> asked, Footing on, RoleConfig.Site site, Invitations invitations) {
        var id = id(asked, on.die());
        var where = asked.getOrDefault("portal", EnrolmentLink.APP);
        var ticket = invitations.invite(person(asked, id, site));
        var link = new EnrolmentLink(
                where,
                on.region().trust().fingerprint(),
                ticket,
                on.clock().instant().plus(Invitations.LIFE));
        return id + "\n" + link.revealed();
    }

    /// A new one, or that of somebody who lost all keys and comes back; the authority gives nothing out for
    /// an ID whose keys stand, or that another institution enrolled.
    private static PersonId id(Map<String, String> asked, SecureRandom die) {
        return asked.containsKey("id") ? new PersonId(Asked.need(asked, "id")) : PersonId.random(die);
    }

    private static String told(Invitations.Standing standing) {
        return Json.write(standing).asUtf8();
    }

    private static Member person(Map<String, String> asked, PersonId id, RoleConfig.Site site) {
        return Asked.need(asked, "kind").equals("professional")
                ? new Member.Professional(id, Asked.need(asked, "name"), site.institution(), site.name())
                : new Member.Patient(id);
    }

    /// A new person of this institution: a random ID and the ticket that goes with it, two lines to be
    /// printed.
    private static String ticket(
            Map<String, String> asked,
            RoleConfig.Site site,
            BiFunction<Member, Duration, Ticket> desk,
            SecureRandom die) {
        var id = id(asked, die);
        return id + "\n"
                + desk.apply(person(asked, id, site), Asked.life(asked)).revealed();
    }

    /// Somebody whom this institution enrolled, of whatever kind; the authority refuses it for anybody else.
    private static String revoke(Map<String, String> asked, Revocation revocation) {
        revocation.revoke(new Member.Patient(new PersonId(Asked.need(asked, "id"))), Asked.reason(asked));
        return "revoked";
    }
}
