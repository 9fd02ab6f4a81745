package org.mizuhiki.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;
import org.mizuhiki.wire.Route;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

class OverTheWireTest {
    @TempDir
    Path folder;

    /// The same store, reached by certificate: the door's promises hold through HTTP, TLS and back.
    @Test
    @Tag("V2")
    void anEnvelopeGoesFromAuthorToReaderThroughTheWire() throws Exception {
        var certificates = new Certificates(folder);
        var identity = certificates.server();
        try (var shop = new Workshop(folder);
                var server = HttpServer.start(
                        ServerConfig.of("store", "127.0.0.1", 0),
                        identity,
                        certificate -> {},
                        StoreRoutes.of(shop.store, Workshop.LIMITS.blobBytes()),
                        Surroundings.of(Clock.systemUTC(), Workshop.DIE))) {
            var author = remote(certificates, server, shop.author);
            var reader = remote(certificates, server, shop.reader);
            var owner = remote(certificates, server, shop.owner);
            var content = Workshop.noise(3_000_000);
            var letter = Digest.of(content);
            put(author, shop.author, letter, content);
            put(author, shop.author, letter, content);
            var envelope = new Store.Envelope(letter, List.of(), shop.owner);
            author.register(shop.author, envelope);
            author.register(shop.author, envelope);
            assertEquals("blob-unknown", Workshop.refusal(() -> reader.fetch(shop.reader, letter)));
            var until = shop.clock.instant().plus(Duration.ofDays(1));
            author.share(shop.author, new Store.Share(letter, shop.reader, Workshop.GRANT, until));
            assertEquals(letter, reader.inbox(shop.reader, 10, 0).getFirst().letter());
            assertArrayEquals(content, Files.readAllBytes(reader.fetch(shop.reader, letter)));
            assertArrayEquals(content, Files.readAllBytes(owner.fetch(shop.owner, letter)));
            owner.unshare(shop.owner, letter, shop.reader);
            assertEquals("blob-unknown", Workshop.refusal(() -> reader.fetch(shop.reader, letter)));
            assertEquals(List.of(), reader.inbox(shop.reader, 10, 0));
            assertEquals("blob-mismatch", Workshop.refusal(() -> put(author, shop.author, Workshop.GRANT, content)));
            var tooBig = new byte[(int) Workshop.LIMITS.blobBytes() + 1];
            assertThrows(Refusal.class, () -> put(author, shop.author, Digest.of(tooBig), tooBig));
        }
    }

    /// A share that is repeated after the owner took it back would give it again.
    @Test
    @Tag("V2")
    void aShareIsRememberedAlsoAcrossARestart() throws Exception {
        try (var shop = new Workshop(folder)) {
            var share = StoreRoutes.of(shop.store, Workshop.LIMITS.blobBytes()).stream()
                    .filter(r -> r.method().equals("POST") && r.path().equals("/v1/shares"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(Route.Memory.LASTING, share.memory());
        }
    }

    private static void put(Store store, PersonId who, Digest digest, byte... content) {
        InputStream stream = new ByteArrayInputStream(content);
        store.put(who, digest, stream, content.length);
    }

    private RemoteStore remote(Certificates certificates, HttpServer server, PersonId who) throws Exception {
        Peer peer = Peers.connect(server.uri(), certificates.person(who), Workshop.DIE);
        return new RemoteStore(peer, folder.resolve("device-" + who));
    }
}
