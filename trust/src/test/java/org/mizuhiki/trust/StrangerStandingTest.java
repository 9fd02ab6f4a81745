package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;

/// Lists and responders of others over real HTTP, and what remains of them without it.
@Tag("B1")
@Tag("V5")
class StrangerStandingTest {
    private static final Freshness OFFLINE = new Freshness(
            Duration.ofDays(7),
            Duration.ofMinutes(5),
            new Freshness.WhenUnknown.AcceptIfOfflineUntil(Duration.ofDays(3)));

    private final TestClock clock = new TestClock();
    private final ForeignCa top = new ForeignCa("Top", clock);
    private final X509Certificate root = top.root();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    /// A publication point of somebody else's.
    private static final class Site implements AutoCloseable {
        final Map<String, Bytes> pages = new ConcurrentHashMap<>();
        final AtomicInteger calls = new AtomicInteger();
        private final HttpServer server;

        Site() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                calls.incrementAndGet();
                exchange.getRequestBody().readAllBytes();
                var page = pages.get(exchange.getRequestURI().getPath());
                exchange.sendResponseHeaders(page == null ? 404 : 200, page == null ? -1 : page.size());
                try (var out = exchange.getResponseBody()) {
                    if (page != null) {
                        out.write(page.toArray());
                    }
                }
            });
            server.start();
        }

        String url(String path) {
            return "http://127.0.0.1:" + server.getAddress().getPort() + path;
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private Desk desk(Freshness freshness, String... hosts) {
        return new Desk(folder, clock, freshness)
                .trusts(root, Set.of(ForeignRoot.Purpose.MAIL_SIGNING), Set.of(), Set.of(), Set.of(hosts));
    }

    private static Stranger alone(X509Certificate own) {
        return Desk.stranger(own, List.of(), List.of());
    }

    @Test
    void listsAreFetchedWhereTheCertificateSaysAndOnlyNowAndThen() throws Exception {
        try (var site = new Site();
                var desk = desk(Freshness.usual(), "127.0.0.1")) {
            var own = top.mail("a@example.jp", new ForeignCa.Wish().lists(site.url("/top.crl")));
            site.pages.put("/top.crl", top.list());
            assertEquals("accepted", desk.says(alone(own)));
            assertEquals("accepted", desk.says(alone(own)));
            assertEquals(1, site.calls.get());
            top.revoke(own);
            clock.pass(Duration.ofMinutes(11));
            site.pages.put("/top.crl", top.list());
            assertEquals("revoked", desk.says(alone(own)));
        }
    }

    @Test
    void aHostThatNobodyNamedIsNeverCalled() throws Exception {
        try (var site = new Site();
                var desk = desk(Freshness.usual(), "crl.example.jp", ".0.0.1.example")) {
            site.pages.put("/top.crl", top.list());
            var own = top.mail(
                    "a@example.jp",
                    new ForeignCa.Wish().lists(site.url("/top.crl")).responder(site.url("/ocsp")));
            assertEquals("standing-unknown", desk.says(alone(own)));
            assertEquals(0, site.calls.get());
        }
    }

    @Test
    void withoutANetworkTheLastAnswerCountsForAsLongAsWasSaid() throws Exception {
        var site = new Site();
        var own = top.mail("a@example.jp", new ForeignCa.Wish().lists(site.url("/top.crl")));
        var never = top.mail("b@example.jp", new ForeignCa.Wish().lists(site.url("/other.crl")));
        site.pages.put("/top.crl", top.list());
        try (var desk = desk(OFFLINE, "127.0.0.1")) {
            assertEquals("accepted", desk.says(alone(own)));
        }
        site.close();
        try (var again = desk(OFFLINE, "127.0.0.1")) { // a restart, from the shelf
            assertEquals("accepted", again.says(alone(own)));
            assertEquals("standing-unknown", again.says(alone(never)));
            clock.pass(Duration.ofDays(2));
            assertEquals("accepted offline", again.says(alone(own)));
            clock.pass(Duration.ofDays(3));
            assertEquals("standing-too-old", again.says(alone(own)));
        }
        try (var strict = desk(Freshness.usual(), "127.0.0.1")) {
            assertEquals("standing-too-old", strict.says(alone(own)));
        }
    }

    @Test
    void aReplayedListDoesNotReplaceTheNewerOneKept() throws Exception {
        try (var site = new Site();
                var desk = desk(OFFLINE, "127.0.0.1")) {
            var own = top.mail("a@example.jp", new ForeignCa.Wish().lists(site.url("/top.crl")));
            var old = top.list();
            clock.pass(Duration.ofMinutes(1));
            top.revoke(own);
            site.pages.put("/top.crl", top.list());
            assertEquals("revoked", desk.says(alone(own)));
            site.pages.put("/top.crl", old);
            clock.pass(Duration.ofMinutes(11));
            assertEquals("revoked", desk.says(alone(own)));
        }
    }

    @Test
    void whatStandsOnTheShelfIsVerifiedAgain() throws Exception {
        try (var site = new Site()) {
            var own = top.mail("a@example.jp", new ForeignCa.Wish().lists(site.url("/top.crl")));
            site.pages.put("/top.crl", top.list());
            try (var desk = desk(OFFLINE, "127.0.0.1")) {
                assertEquals("accepted", desk.says(alone(own)));
            }
            site.pages.clear();
            try (var kept = Files.list(folder)) {
                for (var file : kept.toList()) {
                    var bytes = Files.readAllBytes(file);
                    bytes[bytes.length - 9] ^= 1;
                    Files.write(file, bytes);
                }
            }
            try (var desk = desk(OFFLINE, "127.0.0.1")) {
                assertEquals("standing-unknown", desk.says(alone(own)));
            }
        }
    }

    private Stranger told(X509Certificate own, Bytes answer) {
        return new Stranger(KeyFiles.encoded(own), List.of(), List.of(), List.of(answer), Optional.empty());
    }

    private Bytes answer(X509Certificate own, @Nullable CertificateStatus status) throws Exception {
        return top.ocsp(root, own, status, top.keys(), List.of());
    }

    @Test
    void aResponderIsBelievedAboutItsOwnCaOnly() throws Exception {
        try (var desk = desk(Freshness.usual())) {
            var own = top.mail("a@example.jp");
            assertEquals("accepted", desk.says(told(own, answer(own, CertificateStatus.GOOD))));
            assertEquals("standing-unknown", desk.says(told(own, answer(own, new UnknownStatus()))));
            var revoked = new RevokedStatus(Date.from(clock.instant()), 1);
            assertEquals("revoked", desk.says(told(own, answer(own, revoked))));
            var other = top.mail("b@example.jp");
            assertEquals("standing-unknown", desk.says(told(own, answer(other, CertificateStatus.GOOD))));
            var helper = KeyFiles.newKeyPair(Region.DIE);
            var named = top.responder(helper, true);
            assertEquals(
                    "accepted",
                    desk.says(told(own, top.ocsp(root, own, CertificateStatus.GOOD, helper, List.of(named)))));
            var unnamed = top.responder(helper, false);
            assertEquals(
                    "standing-unknown",
                    desk.says(told(own, top.ocsp(root, own, CertificateStatus.GOOD, helper, List.of(unnamed)))));
            var elsewhere = new ForeignCa("Top", clock).responder(helper, true);
            assertEquals(
                    "standing-unknown",
                    desk.says(told(own, top.ocsp(root, own, CertificateStatus.GOOD, helper, List.of(elsewhere)))));
        }
    }

    @Test
    void aResponderThatIsOldIsAskedAgainAndThenTheLists() throws Exception {
        try (var site = new Site();
                var desk = desk(Freshness.usual(), "127.0.0.1")) {
            var own = top.mail(
                    "a@example.jp",
                    new ForeignCa.Wish().responder(site.url("/ocsp")).lists(site.url("/top.crl")));
            site.pages.put("/ocsp", answer(own, CertificateStatus.GOOD));
            assertEquals("accepted", desk.says(alone(own)));
            clock.pass(Duration.ofHours(5));
            assertEquals("standing-too-old", desk.says(alone(own)));
            site.pages.put("/top.crl", top.list());
            clock.pass(Duration.ofMinutes(1));
            assertEquals("accepted", desk.says(alone(own)));
        }
    }

    /// Lists and responders forget certificates that have expired: what they do not tell then proves
    /// nothing.
    @Test
    void whatIsSaidAfterACertificatesEndProvesNothing() throws Exception {
        try (var desk = desk(Freshness.usual())) {
            var brief = new ForeignCa.Wish();
            brief.life = Duration.ofHours(1);
            var own = top.mail("a@example.jp", brief);
            var signed = clock.instant();
            clock.pass(Duration.ofHours(2));
            var listed = Desk.stranger(own, List.of(), List.of(top.list()));
            var told = told(own, answer(own, CertificateStatus.GOOD));
            for (var late : List.of(listed, told)) {
                var said = desk.check.check(late, ForeignRoot.Purpose.MAIL_SIGNING, signed);
                assertEquals("standing-unknown", Desk.says(said));
            }
        }
    }

    @Test
    void everyFlippedBitOfAnAnswerSaysNothingMore() throws Exception {
        try (var desk = desk(Freshness.usual())) {
            var own = top.mail("a@example.jp");
            var revoked = new RevokedStatus(Date.from(clock.instant()), 1);
            var good = answer(own, revoked).toArray();
            for (int bit = 0; bit < good.length * 8; bit += 3) {
                var bad = good.clone();
                bad[bit / 8] ^= (byte) (1 << bit % 8);
                var said = desk.says(told(own, Bytes.of(bad)));
                assertTrue(said.equals("standing-unknown") || said.equals("revoked"), said + " at bit " + bit);
            }
        }
    }
}
