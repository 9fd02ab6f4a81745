package org.mizuhiki.apps.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.ledger.Receipt;
import org.mizuhiki.ledger.SignedCheckpoint;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.PostgresAuthority;
import org.mizuhiki.trust.Registrar;
import org.mizuhiki.trust.Renewals;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// A server keeps its own certificate, whatever happens in between.
@Tag("V1")
class OwnIdentityTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final Duration DUE = Duration.ofDays(61);
    private static final Set<String> SETTLED = Set.of("key.pem", "chain.pem");

    @TempDir
    static Path region;

    private static final Shifted CLOCK = new Shifted();
    private static Database database;
    private static PostgresAuthority authority;
    private static List<X509Certificate> roots;
    private static int servers;

    @TempDir
    Path temporary;

    private Path folder = Path.of("");

    @BeforeAll
    static void found() throws IOException {
        OpenFolder.open(region);
        database = Databases.open(
                DatabaseConfig.embedded(region.resolve("rows"), region.resolve("bin")),
                PostgresAuthority.MIGRATIONS,
                DIE);
        CLOCK.ago = Duration.ofDays(4 * 365);
        var accreditation =
                Accreditation.found(region.resolve("ca"), "みずひき", URI.create("http://127.0.0.1:1"), CLOCK, DIE);
        roots = accreditation.roots();
        authority = new PostgresAuthority(accreditation, database, new NoLedger(), CLOCK, DIE);
    }

    @AfterAll
    static void close() {
        authority.close();
        database.close();
    }

    @BeforeEach
    void aCertificateIsDueToday() throws IOException {
        CLOCK.ago = DUE;
        folder = Files.createDirectory(temporary.resolve("tls"));
        var pair = KeyFiles.newKeyPair(DIE);
        var desk = authority.enrolment(new Registrar.Operator());
        var ticket = desk.ticket(new Member.Server("server" + ++servers, "localhost"), Duration.ofDays(1));
        KeyFiles.writeKey(folder.resolve("key.pem"), pair.getPrivate());
        KeyFiles.writeChain(
                folder.resolve("chain.pem"),
                desk.enrol(ticket, EnrolmentRequests.server(pair)).signing());
        CLOCK.ago = Duration.ZERO;
    }

    private static OwnIdentity started(Path folder) {
        return new OwnIdentity(folder, roots, CLOCK, DIE);
    }

    /// One of the looks that a server takes every minute; no CA was retired.
    private static void look(OwnIdentity own, Renewals renewals) {
        own.renewIfDue(renewals, _ -> false);
    }

    private static X509Certificate shown(OwnIdentity own) {
        return own.get().chain().getFirst();
    }

    /// Key and certificate belong together, in memory and on disk, and nothing is left over.
    private static void assertWhole(OwnIdentity own, Path folder) throws Exception {
        var chain = KeyFiles.readChain(folder.resolve("chain.pem"));
        assertEquals(own.get().chain(), chain);
        for (var key : List.of(own.get().key(), KeyFiles.readKey(folder.resolve("key.pem")))) {
            var said = Bytes.utf8("mine");
            assertTrue(Crypto.verifies(chain.getFirst().getPublicKey(), said, Crypto.signed(key, said)));
        }
        assertEquals(SETTLED, names(folder));
    }

    private static Set<String> names(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            return new TreeSet<>(all.map(f -> f.getFileName().toString()).toList());
        }
    }

    private static Refusal away() {
        return Refusal.of("peer-unreachable", "応答がありません", "The authority does not answer");
    }

    @Test
    void aRunningServerShowsItsNewCertificateAtTheNextHandshake() throws Exception {
        try (var own = started(folder);
                var server = HttpServer.start(
                        ServerConfig.of("keys", "127.0.0.1", 0),
                        own.get(),
                        _ -> {},
                        List.of(),
                        Surroundings.of(CLOCK, DIE))) {
            own.telling(server::renew);
            var before = shown(own);
            assertEquals(before, handshake(server.port()));
            look(own, authority.renewals());
            assertNotEquals(before, shown(own));
            assertEquals(shown(own), handshake(server.port()));
            assertWhole(own, folder);
            assertTrue(before.getNotAfter().toInstant().isAfter(CLOCK.instant()), "the old one is still good");
        }
    }

    private static X509Certificate handshake(int port) throws Exception {
        var store = java.security.KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", roots.getFirst());
        var trust = javax.net.ssl.TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        var context = javax.net.ssl.SSLContext.getInstance("TLSv1.3");
        context.init(null, trust.getTrustManagers(), null);
        try (var socket = (javax.net.ssl.SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            SSLSession session = socket.getSession();
            return (X509Certificate) session.getPeerCertificates()[0];
        }
    }

    @Test
    void nobodyIsAskedBeforeItIsTime() {
        CLOCK.ago = Duration.ofDays(2);
        try (var own = started(folder)) {
            look(own, _ -> {
                throw new AssertionError("two thirds of its life are not over");
            });
        }
    }

    @Test
    void whileTheAuthorityIsAwayItGoesOnAndAsksForTheSameLater() throws Exception {
        try (var own = started(folder)) {
            var before = shown(own);
            var asked = new ArrayList<Renewals.Asked>();
            for (int i = 0; i < 3; i++) {
                var refusal = assertThrows(
                        Refusal.class,
                        () -> look(own, a -> {
                            asked.add(a);
                            throw away();
                        }));
                assertEquals("peer-unreachable", refusal.code());
                assertEquals(before, shown(own));
            }
            assertEquals(
                    1, asked.stream().map(Renewals.Asked::request).distinct().count(), "no key is wasted");
            look(own, authority.renewals());
            assertNotEquals(before, shown(own));
            assertWhole(own, folder);
        }
    }

    @Test
    void aLostAnswerIsGivenAgainAfterARestart() throws Exception {
        var given = new ArrayList<X509Certificate>();
        try (var own = started(folder)) {
            assertThrows(
                    Refusal.class,
                    () -> look(own, asked -> {
                        given.add(authority.renewals().renew(asked).signing().getFirst());
                        throw away();
                    }));
        }
        try (var own = started(folder)) {
            look(own, authority.renewals());
            assertEquals(given.getFirst(), shown(own));
            assertWhole(own, folder);
        }
    }

    @Test
    void aCertificateForAnotherKeyIsNotTaken() throws Exception {
        try (var own = started(folder)) {
            var before = shown(own);
            var other = EnrolmentRequests.server(KeyFiles.newKeyPair(DIE));
            var refusal = assertThrows(
                    Refusal.class,
                    () -> look(
                            own,
                            asked -> authority
                                    .renewals()
                                    .renew(Renewals.Asked.of(own.get().key(), asked.current(), other))));
            assertEquals("certificate-not-mine", refusal.code());
            assertEquals(before, shown(own));
            assertEquals(before, shown(started(folder)), "nor after a restart");
        }
    }

    /// The folder as each cut leaves it, one step after the other; the next start and look mend it.
    @Test
    void aCrashBetweenAnyTwoStepsIsMendedAtTheNextStart() throws Exception {
        var asking = temporary.resolve("asking");
        var whole = temporary.resolve("whole");
        copy(folder, whole);
        try (var own = started(whole)) {
            look(own, asked -> {
                copyQuietly(whole, asking); // key and request are there, nobody has answered
                return authority.renewals().renew(asked);
            });
        }
        assertEquals(Set.of("key.pem", "chain.pem", "next-key.pem", "next-request.der"), names(asking));
        // 1. to 3.: before the authority was asked; a key that has no request is made anew
        mended("the key", asking, "next-request.der");
        var draft = copied("a draft", asking);
        Files.move(draft.resolve("next-request.der"), draft.resolve("next-request.draft"));
        Files.write(draft.resolve("next-request.draft"), new byte[] {0x30}); // half of it
        mended("half a draft", draft);
        assertEquals(current(whole), mended("the request", asking));
        // 4. to 6.: with the answer, the start alone is enough
        var answered = copied("the answer", asking);
        Files.copy(whole.resolve("chain.pem"), answered.resolve("next-chain.pem"));
        assertEquals(current(whole), mended("the chain", answered));
        var moved = copied("moved", answered);
        Files.move(
                moved.resolve("next-key.pem"),
                moved.resolve("key.pem"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertEquals(current(whole), mended("the key moved", moved));
        assertEquals(current(whole), mended("the request deleted", moved, "next-request.der"));
    }

    private Path copied(String name, Path from) throws IOException {
        var to = temporary.resolve(name.replace(' ', '-'));
        copy(from, to);
        return to;
    }

    /// @param without files that the crash came before
    private X509Certificate mended(String name, Path crashed, String... without) throws Exception {
        var here = copied("crash " + name, crashed);
        for (var file : without) {
            Files.delete(here.resolve(file));
        }
        try (var own = started(here)) {
            look(own, authority.renewals());
            assertWhole(own, here);
            assertTrue(
                    shown(own).getNotAfter().toInstant().isAfter(CLOCK.instant().plus(Duration.ofDays(80))), name);
            return shown(own);
        }
    }

    private static X509Certificate current(Path folder) {
        return KeyFiles.readChain(folder.resolve("chain.pem")).getFirst();
    }

    private static void copy(Path from, Path to) throws IOException {
        LoneAuthority.copy(from, to, _ -> true);
    }

    private static void copyQuietly(Path from, Path to) {
        try {
            copy(from, to);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Nobody touches it: looked at every ten days, it never stands without a good certificate.
    @Test
    void aServerLivesThroughThreeYears() throws Exception {
        var had = new TreeSet<java.math.BigInteger>();
        CLOCK.ago = DUE;
        try (var own = started(folder)) {
            for (int day = 0; day < 3 * 365; day += 10) {
                look(own, authority.renewals());
                shown(own).checkValidity(java.util.Date.from(CLOCK.instant()));
                had.add(shown(own).getSerialNumber());
                CLOCK.ago = CLOCK.ago.minusDays(10);
            }
            assertWhole(own, folder);
        }
        assertTrue(had.size() >= 3 * 365 / 70 && had.size() <= 3 * 365 / 50, had.size() + " certificates");
    }

    private static final class Shifted extends Clock {
        private volatile Duration ago = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().minus(ago);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /// Only persons' keys are entered in the ledger.
    private static final class NoLedger implements Ledger {
        @Override
        public Receipt append(Entry entry) {
            throw new IllegalStateException("nothing is entered here");
        }

        @Override
        public Evidence evidence(Digest leaf) {
            throw new IllegalStateException("nothing was entered here");
        }

        @Override
        public SignedCheckpoint checkpoint() {
            throw new IllegalStateException("nothing was entered here");
        }

        @Override
        public List<Digest> consistency(long older, long newer) {
            throw new IllegalStateException("nothing was entered here");
        }
    }
}
