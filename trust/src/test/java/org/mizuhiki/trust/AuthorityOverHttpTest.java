package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.ledger.LogKeys;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// The whole authority as its callers see it: real TLS, real PostgreSQL, real openssl. Time is the
/// machine's here, as TLS asks it.
@ExtendWith(SharedDatabase.class)
class AuthorityOverHttpTest {
    private static Identity identity(Region region, Member member) {
        var key = KeyFiles.newKeyPair(Region.DIE);
        var ticket = region.operator().ticket(member, Duration.ofDays(1));
        var enrolled = region.operator().enrol(ticket, EnrolmentRequests.server(key));
        return new Identity(
                key.getPrivate(), enrolled.signing(), region.accreditation().roots());
    }

    private static HttpServer start(Region region) {
        region.clock().toNow();
        region.lists().refresh();
        var stamps = region.accreditation().stamps(region.clock(), Region.DIE);
        return HttpServer.start(
                ServerConfig.of("authority", "127.0.0.1", 0).withPlainPort(0),
                identity(region, new Member.Server("authority", "127.0.0.1")),
                region.lists(),
                AuthorityRoutes.of(region.authority(), stamps),
                Surroundings.of(region.clock(), Region.DIE));
    }

    private static Peer peer(HttpServer server, Identity identity) {
        return Peers.connect(server.uri(), identity, Region.DIE);
    }

    /// Readers see the name, not the code.
    @Test
    @Tag("V1")
    void anInstitutionGivesItsDoctorsNoOtherInstitutionsName(Region region) {
        try (var server = start(region)) {
            var clinic = peer(server, identity(region, new Member.Institution(Region.CLINIC, "みずひき診療所")));
            var doctor = Region.someDoctor("山田 花子");
            var elsewhere = new Member.Professional(doctor.id(), doctor.name(), doctor.institution(), "結び大学病院");
            Refused.with(
                    "institution-name-differs",
                    () -> new RemoteEnrolment(clinic).ticket(elsewhere, Duration.ofDays(1)));
        }
    }

    @Test
    @Tag("V1")
    void anInstitutionGivesATicketAndADeviceEnrolsAndFindsAndIsRevoked(Region region) {
        try (var server = start(region)) {
            var clinic = peer(server, identity(region, new Member.Institution(Region.CLINIC, "みずひき診療所")));
            var doctor = Region.someDoctor("山田 花子");
            var ticket = new RemoteEnrolment(clinic).ticket(doctor, Duration.ofDays(1));
            var key = KeyFiles.newKeyPair(Region.DIE);
            var request = EnrolmentRequests.person(
                    key, new Seals(Region.DIE).newReaderKey().publicKey());
            var anonymous =
                    peer(server, Identity.anonymous(region.accreditation().roots()));
            var enrolled = new RemoteEnrolment(anonymous).enrol(ticket, request);
            assertEquals(enrolled, new RemoteEnrolment(anonymous).enrol(ticket, request));

            var device = peer(
                    server,
                    new Identity(
                            key.getPrivate(),
                            enrolled.signing(),
                            region.accreditation().roots()));
            var listing = new RemoteDirectory(device).find(doctor.id());
            region.directoryCheck().check(doctor.id(), listing);
            assertTrue(new RemoteDirectory(device)
                    .professionals("山田").stream().anyMatch(l -> l.member().equals(doctor)));
            Refused.with("ticket-used", () -> new RemoteEnrolment(anonymous).enrol(ticket, Region.someRequest()));

            new RemoteRevocation(clinic).revoke(doctor, Revocation.Reason.CESSATION);
            region.lists().refresh();
            Refused.with("certificate-revoked", () -> new RemoteDirectory(device).find(doctor.id()));
        }
    }

    @Test
    void whoIsNoInstitutionGivesNoTickets(Region region) {
        try (var server = start(region)) {
            var patient = region.patient();
            var device = peer(
                    server,
                    new Identity(
                            patient.signing().getPrivate(),
                            patient.certificates().signing(),
                            region.accreditation().roots()));
            org.junit.jupiter.api.Assertions.assertThrows(
                    org.mizuhiki.house.Refusal.class,
                    () -> new RemoteEnrolment(device).ticket(Region.somePatient(), Duration.ofDays(1)));
        }
    }

    @Test
    void listsAndStampsAreHadByAnybody(Region region) {
        try (var server = start(region)) {
            var anonymous =
                    peer(server, Identity.anonymous(region.accreditation().roots()));
            var lists = new RevocationList(
                    new RemoteRevocation(anonymous),
                    region.accreditation().roots(),
                    region.clock(),
                    Duration.ofHours(24));
            lists.refresh();
            lists.check(region.patient().certificates().signing().getFirst());
            lists.close();
            var stamps = new Seals(Region.DIE).stamps();
            var imprint = Digest.of((byte) 1);
            var token = new RemoteStampAuthority(anonymous, stamps).stamp(imprint);
            var stamp = stamps.verify(token, imprint);
            region.validator().check(stamp.chain(), Validator.Purpose.STAMP, stamp.at());
        }
    }

    @Test
    void theListOfForeignRootsIsHadByAnybody(Region region, @TempDir Path folder) {
        try (var server = start(region)) {
            var anonymous =
                    peer(server, Identity.anonymous(region.accreditation().roots()));
            var known = KnownForeignRoots.open(
                    (evidence, keys) -> region.clock().instant(),
                    new LogKeys("memory", Bytes.of(), Bytes.of(), Map.of(), 0),
                    folder.resolve("roots.json"),
                    region.clock());
            known.refresh(new RemoteForeignRoots(anonymous));
            var root = new ForeignRoot(
                    new ForeignCa("Far", region.clock()).root(),
                    Set.of(ForeignRoot.Purpose.TLS_CLIENT),
                    Set.of(),
                    Set.of(),
                    Set.of(),
                    region.clock().instant().plus(Duration.ofDays(9)));
            region.authority().foreignRoots().add(root, "山田", "連携");
            known.refresh(new RemoteForeignRoots(anonymous));
            assertTrue(known.current().roots().contains(root));
        }
    }

    @Test
    void opensslAsksForStatusOverPlainHttp(Region region, @TempDir Path folder) throws Exception {
        try (var server = start(region)) {
            var patient = region.patient();
            KeyFiles.writeChain(
                    folder.resolve("root.pem"), region.accreditation().roots());
            KeyFiles.writeChain(
                    folder.resolve("person.pem"), List.of(region.accreditation().certificate("person")));
            KeyFiles.writeChain(
                    folder.resolve("own.pem"), patient.certificates().signing().subList(0, 1));
            var url = URI.create("http://127.0.0.1:" + server.plainPort().orElseThrow() + "/ocsp");
            var said = new OpenSsl(folder)
                    .run(
                            "ocsp",
                            "-issuer",
                            "person.pem",
                            "-cert",
                            "own.pem",
                            "-url",
                            url.toString(),
                            "-CAfile",
                            "root.pem");
            assertTrue(said.contains("Response verify OK") && said.contains("own.pem: good"), said);
        }
    }

    /// RFC 5019, 5 and 6.
    @Test
    @Tag("V1")
    void aStatusIsHadByGetAndMayBeKeptByCaches(Region region) throws Exception {
        try (var server = start(region)) {
            var patient = region.patient();
            var asked = StatusRequests.about(
                    region, patient.certificates().signing().getFirst());
            var path = URLEncoder.encode(asked.asBase64(), StandardCharsets.US_ASCII);
            var url = "http://127.0.0.1:" + server.plainPort().orElseThrow() + "/ocsp/" + path;
            try (var client = HttpClient.newHttpClient()) {
                var first = client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());
                assertEquals(200, first.statusCode(), new String(first.body(), StandardCharsets.UTF_8));
                assertEquals("good", StatusRequests.read(Bytes.of(first.body())));
                var headers = first.headers();
                assertEquals(
                        "application/ocsp-response",
                        headers.firstValue("Content-Type").orElse(""));
                assertEquals(
                        "max-age=300, public, no-transform, must-revalidate",
                        headers.firstValue("Cache-Control").orElse(""));
                assertTrue(headers.firstValue("Expires").orElse("").endsWith(" GMT"));
                var tag = headers.firstValue("ETag").orElseThrow();
                var again = HttpRequest.newBuilder(URI.create(url))
                        .header("If-None-Match", tag)
                        .build();
                assertEquals(304, client.send(again, BodyHandlers.ofByteArray()).statusCode());
                region.revocation().revoke(patient.member(), Revocation.Reason.KEY_COMPROMISE);
                var after = client.send(again, BodyHandlers.ofByteArray());
                assertEquals(200, after.statusCode());
                assertEquals("revoked", StatusRequests.read(Bytes.of(after.body())));
                var broken = HttpRequest.newBuilder(URI.create(url.replace(path, "A*")))
                        .build();
                assertEquals(
                        "1",
                        StatusRequests.read(Bytes.of(
                                client.send(broken, BodyHandlers.ofByteArray()).body())));
            }
        }
    }
}
