package org.mizuhiki.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.registration.World.refused;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.seal.Author;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Registrar;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// The registration over mutual TLS.
@Tag("D5")
class OverHttpTest {
    private static World world;
    private static Author server;
    private static HttpServer http;

    @BeforeAll
    static void serve() throws Exception {
        world = new World();
        var desk = world.authority.enrolment(new Registrar.Operator());
        var pair = KeyFiles.newKeyPair(World.DIE);
        var ticket = desk.ticket(new Member.Server("authority", "127.0.0.1"), Duration.ofDays(1));
        server = new Author(
                pair.getPrivate(),
                desk.enrol(ticket, EnrolmentRequests.server(pair)).signing());
        http = HttpServer.start(
                ServerConfig.of("authority", "127.0.0.1", 0),
                world.identity(server),
                world.lists,
                RegistrationRoutes.of(world.registry),
                Surroundings.of(world.clock, World.DIE));
    }

    @AfterAll
    static void close() throws Exception {
        http.close();
        world.close();
    }

    private static Peer peer(Author author) {
        return Peers.connect(URI.create(http.uri().toString()), world.identity(author), World.DIE);
    }

    private static Party party(Author author) {
        return new Party(new RemoteRegistry(peer(author)), world.acts, author, world.stamps, world.clock, World.DIE);
    }

    @Test
    void partiesActAndReadEachAsItsInstitution() {
        var body = party(world.person(World.BODY));
        var provider = party(world.person(World.PROVIDER));
        var clinic = party(world.person(World.CLINIC));
        var application = provider.open(new Step.AccreditationApplication(Role.PROVIDER, Optional.empty()))
                .file();
        assertEquals(
                List.of(new Turn(Kind.ACCREDITATION_ANSWER, World.BODY)),
                body.registry().waiting().stream()
                        .filter(w -> w.file().equals(application))
                        .map(w -> new Turn(w.kind(), World.BODY))
                        .toList());
        body.answer(application, Optional.of(world.clock.instant().plus(Duration.ofDays(30))), "審査済み");
        var licence = clinic.registry().licences().getFirst();
        assertEquals(Licence.State.APPROVED, licence.state());
        assertEquals(World.name(World.PROVIDER), licence.name());
        var file = clinic.open(new Step.MembershipApplication(World.PROVIDER)).file();
        // the institution's own certificate reads; only its people answer
        var machine = party(world.institution(World.PROVIDER));
        assertTrue(machine.registry().waiting().stream().anyMatch(w -> w.file().equals(file)));
        refused("act-not-personal", () -> machine.answer(file, true, "承認"));
        provider.answer(file, true, "承認");
        assertEquals(provider.look(file).done(), clinic.look(file).done());
        assertEquals(
                "OPEN",
                clinic.registry().files().stream()
                        .filter(f -> f.file().equals(file))
                        .findFirst()
                        .orElseThrow()
                        .state());
    }

    @Test
    void othersAreTurnedAway() {
        var patient = world.enrolled(world.authority, new Member.Patient(PersonId.random(World.DIE)));
        refused("access-denied", () -> new RemoteRegistry(peer(patient)).files());
        refused("access-denied", () -> new RemoteRegistry(peer(server)).licences());
        var anybody = Peers.connect(
                URI.create(http.uri().toString()), Identity.anonymous(world.accreditation.roots()), World.DIE);
        refused("certificate-required", () -> new RemoteRegistry(anybody).waiting());
        var stranger = party(world.person(World.STRANGER));
        var step = new Step.AccreditationApplication(Role.DEVICE_CA, Optional.empty());
        var file = party(world.person(World.DEVICE_CA)).open(step).file();
        refused("file-unknown", () -> stranger.read(file));
        var other = world.party(World.SERVICE_CA);
        var signed = other.signed(other.act(Optional.empty(), step));
        refused("act-not-yours", () -> stranger.registry().hand(signed));
        refused(
                "body-malformed",
                () -> peer(world.person(World.STRANGER))
                        .post(RegistrationRoutes.ACTS, new Strange("x"), Registry.Filed.class));
    }

    private record Strange(String unsigned) {}

    @Test
    void onlyServersAskWhetherAServiceIsInService() {
        var path = RegistrationRoutes.IN_SERVICE + "?service=1319900017/medical-vpn/acme/R-1/0001";
        assertEquals(
                new RegistrationRoutes.InService(false), peer(server).get(path, RegistrationRoutes.InService.class));
        refused("access-denied", () -> peer(world.person(World.CLINIC)).get(path, RegistrationRoutes.InService.class));
        refused(
                "member-malformed",
                () -> peer(server).get(RegistrationRoutes.IN_SERVICE, RegistrationRoutes.InService.class));
    }
}
