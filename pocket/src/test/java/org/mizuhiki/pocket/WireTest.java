package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.KeyRoutes;
import org.mizuhiki.ledger.LedgerRoutes;
import org.mizuhiki.store.StoreLimits;
import org.mizuhiki.store.StoreRoutes;
import org.mizuhiki.trust.AuthorityRoutes;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Route;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// The referral over TLS: what a device meets outside of tests.
@ExtendWith(World.Given.class)
@Tag("V2")
class WireTest {
    @TempDir
    Path folder;

    private static HttpServer serve(World world) {
        var routes = new ArrayList<Route>();
        routes.addAll(AuthorityRoutes.of(world.authority, world.stamps));
        routes.addAll(LedgerRoutes.of(world.ledger));
        routes.addAll(new KeyRoutes(world.region.keys()).routes());
        routes.addAll(StoreRoutes.of(world.region.store(), StoreLimits.usual().blobBytes()));
        var key = KeyFiles.newKeyPair(world.die);
        var ticket = world.ticket(new Member.Server("everything", "127.0.0.1"));
        var enrolled = world.region.enrolment().enrol(ticket, EnrolmentRequests.server(key));
        return HttpServer.start(
                ServerConfig.of("everything", "127.0.0.1", 0),
                new Identity(
                        key.getPrivate(),
                        enrolled.signing(),
                        world.region.trust().roots()),
                world.revocations,
                routes,
                Surroundings.of(world.clock, world.die));
    }

    /// A person as the commands play one: enrolled anonymously, then connected with the own certificate.
    private record Somebody(Device device, Region.Connection connection, Pocket pocket) implements AutoCloseable {
        @Override
        public void close() {
            connection.close();
            device.close();
        }
    }

    private Somebody enrol(World world, RegionFile file, String name, Member member) {
        var at = folder.resolve(name);
        try (var anonymous = Region.connect(file, Optional.empty(), world.clock, world.die)) {
            Device.create(at, anonymous.region(), world.ticket(member), World.passphrase(), world.seals, world.clock)
                    .close();
        }
        var device = Device.open(at, World.passphrase(), world.seals);
        var connection = Region.connect(file, Optional.of(device), world.clock, world.die);
        return new Somebody(device, connection, new Pocket(device, connection.region(), world.clock, world.die));
    }

    /// Whom a search finds among all the doctors that other tests leave in the same world.
    private static Member somebodyOfARareName(World world) {
        return new Member.Professional(PersonId.random(world.die), "綾小路 伝", World.CLINIC, "山田医院");
    }

    @Test
    void aReferralCrossesTheWire(World world) throws Exception {
        try (var server = serve(world)) {
            var uri = server.uri().toString();
            var written = folder.resolve("region.json");
            RegionFile.of(world.region.trust(), uri, uri, uri, uri).write(written);
            var file = RegionFile.read(written);
            assertEquals(world.region.trust(), file.trust());
            try (var a = enrol(world, file, "a", somebodyOfARareName(world));
                    var b = enrol(world, file, "b", world.newDoctor());
                    var patient = enrol(world, file, "p", world.newPatient())) {
                a.pocket().relations().propose(patient.device().id(), Duration.ofDays(30));
                patient.pocket().relations().accept(a.device().id());
                var letter = Letters.full(patient.device().id(), folder);
                var sent = a.pocket().post().send(Letters.draft(a.pocket(), letter));
                a.pocket().grants().give(sent.letter(), b.device().id(), Duration.ofDays(30), "referral");

                assertTrue(b.pocket().post().inbox(10, Long.MAX_VALUE).stream()
                        .anyMatch(n -> n.letter().equals(sent.letter())));
                var read = b.pocket().reading().open(sent.letter(), "treatment");
                assertEquals(letter.document(), read.document());
                var files = b.pocket().reading().save(read, folder.resolve("out"));
                for (int i = 0; i < files.size(); i++) {
                    assertArrayEquals(
                            Files.readAllBytes(letter.attachments().get(i)), Files.readAllBytes(files.get(i)));
                }
                var openings = patient.pocket().trail().openings(sent.letter());
                assertEquals(
                        List.of(b.device().id().value()),
                        openings.stream().map(o -> o.who().identity()).toList());
                assertEquals(
                        1,
                        b.pocket().people().search("綾小路").stream()
                                .filter(l -> l.member()
                                        .identity()
                                        .equals(a.device().id().value()))
                                .count());
                // nothing that was fetched stays behind
                try (var left = Files.list(folder.resolve("b/fetched"))) {
                    assertEquals(0, left.count());
                }
            }
        }
    }

    /// Over the wire the clock also decides which revocation lists are believed.
    @Test
    void aDeviceWithAWrongClockIsToldSo(World world) {
        try (var server = serve(world)) {
            var uri = server.uri().toString();
            var file = RegionFile.of(world.region.trust(), uri, uri, uri, uri);
            try (var doctor = enrol(world, file, "doctor", world.newDoctor());
                    var patient = enrol(world, file, "patient", world.newPatient())) {
                doctor.pocket().relations().propose(patient.device().id(), Duration.ofDays(30));
                patient.pocket().relations().accept(doctor.device().id());
                var draft = Letters.draft(
                        doctor.pocket(), Letters.plain(patient.device().id()));
                for (long minutes : new long[] {-2 * 24 * 60, -10, 10, 2 * 24 * 60}) {
                    var clock = new MovableClock();
                    clock.shift(Duration.ofMinutes(minutes));
                    var refusal = assertThrows(Refusal.class, () -> send(world, file, doctor.device(), clock, draft));
                    var told = minutes + ": " + refusal.code() + " " + refusal.japanese();
                    assertTrue(refusal.japanese().contains("時計"), told);
                    assertTrue(refusal.english().contains("clock"), told);
                }
                assertTrue(doctor.pocket().errands().waiting().isEmpty());
                send(world, file, doctor.device(), new MovableClock(), draft);
            }
        }
    }

    private static void send(World world, RegionFile file, Device device, MovableClock clock, String draft) {
        try (var connection = Region.connect(file, Optional.of(device), clock, world.die)) {
            new Pocket(device, connection.region(), clock, world.die).post().send(draft);
        }
    }
}
