package org.mizuhiki.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;
import org.mizuhiki.wire.Route;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// The log and its witness in servers of their own, over real mutual TLS.
@Tag("B2")
class LedgerRoutesTest {
    @TempDir
    Path folder;

    private Identity identity(String name, String subject) throws Exception {
        return TestIdentity.issue(folder, name, subject);
    }

    private static HttpServer serve(Identity identity, List<Route> routes) {
        return HttpServer.start(
                ServerConfig.of("test", "127.0.0.1", 0),
                identity,
                certificate -> {},
                routes,
                Surroundings.of(java.time.Clock.systemUTC(), TestLog.DIE));
    }

    @Test
    void theWholeTrailWorksAcrossProcessesAndIsReadableByAnyone() throws Exception {
        var authority = identity("authority", "/OU=Server/serialNumber=authority/CN=localhost");
        var keys = identity("keys", "/OU=Server/serialNumber=keys/CN=localhost");
        try (var test = new TestLog(folder, 1, 1);
                var watching = serve(authority, WitnessRoutes.of(test.witnesses.getFirst()))) {
            test.log.close();
            test.log = test.open(List.of(new RemoteWitness("witness-0", peer(watching, authority))));
            try (var serving = serve(authority, LedgerRoutes.of(test.log))) {
                var remote = new RemoteLedger(peer(serving, keys));
                for (int i = 0; i < 300; i++) {
                    assertEquals(new Receipt(i, TestLog.leaf("e" + i)), remote.append(TestLog.entry("e" + i)));
                }
                assertEquals(7, remote.append(TestLog.entry("e7")).index());
                var anyone = new RemoteLedger(peer(serving, Identity.anonymous(keys.roots())));
                var evidence = anyone.evidence(TestLog.leaf("e299"));
                test.check().check(evidence, test.keys);
                assertEquals(test.log.consistency(10, 300), anyone.consistency(10, 300));
                assertEquals(300, test.log.published());
                readsStaticFiles(anyone.peer(), test);
                assertEquals("entry-unknown", code(() -> anyone.evidence(TestLog.leaf("never"))));
                assertThrows(Refusal.class, () -> anyone.append(TestLog.entry("by nobody")));
                assertEquals(300, test.log.size());
            }
        }
    }

    private static void readsStaticFiles(Peer peer, TestLog test) throws IOException {
        assertEquals(
                test.log.checkpoint().note(),
                peer.getBytes(LedgerRoutes.PREFIX + "/checkpoint").asUtf8());
        for (var tile : List.of("tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000")) {
            var served = peer.getBytes(LedgerRoutes.PREFIX + "/" + tile).toArray();
            org.junit.jupiter.api.Assertions.assertArrayEquals(
                    Files.readAllBytes(test.folder.resolve("log").resolve(tile)), served);
        }
        for (var none : List.of("tile/0/002", "tile/0/x000/000", "tile/9/000")) {
            assertEquals("tile-unknown", code(() -> peer.getBytes(LedgerRoutes.PREFIX + "/" + none)));
        }
    }

    private static Peer peer(HttpServer server, Identity identity) {
        return Peers.connect(server.uri(), identity, TestLog.DIE);
    }

    private static String code(org.junit.jupiter.api.function.Executable executable) {
        return assertThrows(Refusal.class, executable).code();
    }

    /// The attack: one server of the region was broken into and uses its certificate where it has no
    /// business.
    @Test
    void otherServersOfTheRegionNeitherAppendNorCoSign() throws Exception {
        var authority = identity("authority", "/OU=Server/serialNumber=authority/CN=localhost");
        var keys = identity("keys", "/OU=Server/serialNumber=keys/CN=localhost");
        var store = identity("store", "/OU=Server/serialNumber=store/CN=localhost");
        try (var test = new TestLog(folder, 1, 1);
                var logging = serve(authority, LedgerRoutes.of(test.log));
                var storing = serve(authority, LedgerRoutes.of(test.log, Set.of("store")));
                var watching = serve(authority, WitnessRoutes.of(test.witnesses.getFirst()))) {
            new RemoteLedger(peer(logging, authority)).append(TestLog.entry("by the authority"));
            test.log.evidence(TestLog.leaf("by the authority"));
            assertEquals("access-denied", code(() -> append(logging, store)));
            assertEquals("access-denied", code(() -> append(storing, keys)));
            assertEquals(1, test.log.size());
            append(storing, store);
            var note = test.log.checkpoint().note();
            for (var other : List.of(keys, store)) {
                var witness = new RemoteWitness("witness-0", peer(watching, other));
                assertEquals("access-denied", code(() -> witness.cosign(note, 1, List.of())));
            }
        }
    }

    private static void append(HttpServer server, Identity identity) {
        new RemoteLedger(peer(server, identity)).append(TestLog.entry("somebody's"));
    }

    @Test
    void onlyServersMayAppendAndCoSign() throws Exception {
        try (var test = new TestLog(folder, 1, 1)) {
            for (var routes : List.of(LedgerRoutes.of(test.log), WitnessRoutes.of(test.witnesses.getFirst()))) {
                for (var route : routes) {
                    var expected = route.method().equals("POST") ? Access.SERVER : Access.ANYONE;
                    assertEquals(Set.of(expected), route.access(), route.path());
                }
                assertTrue(routes.size() >= 2);
            }
        }
    }
}
