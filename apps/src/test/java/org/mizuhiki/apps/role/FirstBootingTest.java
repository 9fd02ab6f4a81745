package org.mizuhiki.apps.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.boot.FirstBootDocument;
import org.mizuhiki.apps.boot.FirstBootLink;
import org.mizuhiki.apps.boot.FirstBootTerms;
import org.mizuhiki.apps.device.DeviceChip;
import org.mizuhiki.apps.qr.QrCode;
import org.mizuhiki.enrol.SlotCertificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.lab.SoftTokens;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.PathValidator;
import org.mizuhiki.trust.RemoteRevocation;
import org.mizuhiki.trust.RevocationList;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peers;

/// Plugged in, the chip proves itself, done; and what a thief of the configuration gets.
@Tag("D16")
@Tag("N1")
@SuppressWarnings("NullAway.Init")
class FirstBootingTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    static Path folder;

    private static LoneAuthority authority;
    private static SoftTokens tokens;
    private static int next;

    @BeforeAll
    static void open() throws Exception {
        assumeTrue(SoftTokens.possible(), SoftTokens.MISSING);
        authority = LoneAuthority.found(folder);
        // of this vendor the operator demands no chip's word: the keys are in tokens alone
        authority.operate("chip-maker-accept", Map.of("vendor", "plain", "key", "none"));
        tokens = SoftTokens.make(folder.resolve("hsm"), 10, DIE);
        tokens.intoEnvironment();
    }

    @AfterAll
    static void close() {
        if (authority != null) {
            authority.close();
        }
    }

    /// A machine out of its box: what its vendor wrote, and nothing else.
    private record Box(Path folder) {
        static Box opened(String token) throws Exception {
            var box = new Box(Files.createDirectories(FirstBootingTest.folder.resolve("box-" + next++)));
            Files.writeString(box.folder.resolve("machine.yaml"), "outside: [eth0]\ntoken: " + token + "\n");
            return box;
        }

        Path config() {
            return folder.resolve("r/router.yaml");
        }

        void plug(Path document) {
            FirstBooting.prepare(config(), folder.resolve("machine.yaml"), document, CLOCK, DIE);
        }

        RouterIdentity identity() {
            var config = RouterConfig.read(config());
            return RouterIdentity.of(config, believed());
        }
    }

    /// As the role makes it.
    private static SlotCertificate.Authority believed() {
        var trust = authority.region().trust();
        var anyone = Peers.connect(authority.uri(), Identity.anonymous(trust.roots()), DIE);
        var standing = new RevocationList(new RemoteRevocation(anyone), trust, CLOCK, Duration.ofHours(1));
        standing.refresh();
        return new SlotCertificate.Authority(
                authority.uri(), trust.roots(), new PathValidator(trust.roots(), standing), CLOCK, DIE);
    }

    private static Instant soon() {
        return CLOCK.instant().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
    }

    private static String inTokens(int device, int service) {
        return "{library: %s, device: %d, service: %d, devicePin: %s, servicePin: %s}"
                .formatted(
                        tokens.library(),
                        tokens.slots().get(device),
                        tokens.slots().get(service),
                        tokens.pins().get(device),
                        tokens.pins().get(service));
    }

    private static Member.Service router(String vendor, String serial) {
        return new Member.Service("1319900017", "medical-vpn", new Member.Device(vendor, "R-9", serial));
    }

    private static FirstBootTerms terms(Member.Service router) {
        return new FirstBootTerms(
                FirstBootTerms.FORM,
                router.identity(),
                authority.region().withCentre("https://centre.example:8443"),
                "1319900041",
                Optional.empty(),
                List.of("127.0.0.1"));
    }

    private static FirstBootLink link(FirstBootTerms terms, Instant until, String address) {
        var router = terms.member();
        var device = authority.operate(
                "ticket", Map.of("kind", "device", "device", router.device().identity()));
        var service = authority.operate(
                "ticket",
                Map.of(
                        "kind",
                        "service",
                        "subscriber",
                        router.subscriber(),
                        "service",
                        router.name(),
                        "device",
                        router.device().identity()));
        return new FirstBootLink(
                terms.encode().sha256(),
                Optional.of(new FirstBootLink.Tickets(Ticket.parse(device), Ticket.parse(service))),
                until,
                URI.create(address));
    }

    private static Path stick(FirstBootTerms terms, Instant until) throws Exception {
        return stick(
                new FirstBootDocument(link(terms, until, "https://centre.example/x"), Optional.of(terms.encode())));
    }

    private static Path stick(FirstBootDocument document) throws Exception {
        var stick = Files.createDirectories(folder.resolve("stick-" + next++));
        Files.write(stick.resolve(FirstBootDocument.FILE), document.encode().toArray());
        return stick;
    }

    private static String refused(org.junit.jupiter.api.function.Executable deed) {
        return assertThrows(Refusal.class, deed).code();
    }

    private static List<String> files(Path of) throws Exception {
        try (var all = Files.list(of)) {
            return all.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aStickMakesARouterOfAMachineAndAThiefOfAllItsFilesGetsNothing() throws Exception {
        var router = router("plain", "0001");
        var box = Box.opened(inTokens(0, 1));
        assertEquals("first-boot-missing", refused(() -> box.plug(folder.resolve("no-stick"))));
        var stick = stick(terms(router), soon());
        // 1. the stick's word becomes files that only their owner reads
        box.plug(stick);
        assertEquals(
                List.of("region.json", "router.yaml", "ticket-device", "ticket-service"),
                files(box.folder().resolve("r")));
        assertEquals(
                List.of("127.0.0.1"), RouterConfig.read(box.config()).time().orElseThrow());
        // 2. keys in the tokens, certificates for them, and no ticket is left
        var identity = box.identity();
        identity.enrol();
        assertEquals(router, identity.self());
        assertFalse(files(box.folder().resolve("r")).contains("ticket-service"));
        // 3. the stick still being there changes nothing, another's does not take the router over
        box.plug(stick);
        box.identity().enrol();
        var other = stick(terms(router("plain", "0002")), soon());
        assertEquals("first-boot-configured", refused(() -> box.plug(other)));
        box.plug(folder.resolve("no-stick"));
        // 4. a copy of everything, without the tokens and with others
        var copy = box.config().resolveSibling("router.yaml");
        var words = Files.readString(copy);
        var without = stolen(box, words.replace("" + tokens.slots().get(1), "1"));
        assertEquals("token-unreadable", refused(() -> RouterRole.start(RouterConfig.read(without), CLOCK, DIE)));
        var elsewhere = words;
        for (int mine : List.of(0, 1)) {
            elsewhere = elsewhere
                    .replace("" + tokens.slots().get(mine), "" + tokens.slots().get(mine + 2))
                    .replace(
                            tokens.pins().get(mine).toString(),
                            tokens.pins().get(mine + 2).toString());
        }
        var with = stolen(box, elsewhere);
        assertEquals("token-other", refused(() -> RouterRole.start(RouterConfig.read(with), CLOCK, DIE)));
        for (var at : List.of(without, with)) {
            assertFalse(Files.exists(at.resolveSibling("engine")), "no engine, no rules, nobody was called");
        }
    }

    @Test
    void aSecondStickWithTheSameTermsBringsNewTickets() throws Exception {
        var router = router("plain", "0010");
        var box = Box.opened(inTokens(6, 7));
        box.plug(stick(terms(router), soon()));
        var tickets = RouterConfig.read(box.config()).tickets().orElseThrow();
        var used = Files.readString(tickets.service());
        var second = stick(terms(router), soon());
        box.plug(second);
        var fresh = Files.readString(tickets.service());
        assertFalse(fresh.equals(used));
        box.identity().enrol();
        box.plug(second);
        assertFalse(Files.exists(tickets.service()), "a router that is one needs none");
    }

    @Test
    void anothersTicketsInTheEnvelopeMakeNoRouterAndTheRightTermsMendIt() throws Exception {
        var router = router("plain", "0008");
        var box = Box.opened(inTokens(8, 9));
        var terms = terms(router("plain", "0009"));
        var mixed = link(terms(router), soon(), "https://centre.example/x");
        box.plug(stick(new FirstBootDocument(
                new FirstBootLink(terms.encode().sha256(), mixed.tickets(), mixed.until(), mixed.address()),
                Optional.of(terms.encode()))));
        assertEquals("router-other", refused(() -> box.identity().enrol()));
        assertEquals("router-other", refused(() -> box.identity().enrol()));
        box.plug(stick(terms(router), soon()));
        box.identity().enrol();
        assertEquals(router, box.identity().self());
    }

    private static Path stolen(Box box, String words) throws Exception {
        var to = folder.resolve("stolen-" + next++);
        LoneAuthority.copy(box.folder().resolve("r"), to, f -> !f.toString().endsWith(".sock"));
        return Files.writeString(to.resolve("router.yaml"), words);
    }

    /// As a `kill -9` between any two files leaves it.
    @Test
    void aFirstBootThatWasCutOffGoesOn() throws Exception {
        var stick = stick(terms(router("plain", "0003")), soon());
        var whole = Box.opened(inTokens(4, 5));
        whole.plug(stick);
        var made = List.of("region.json", "ticket-device", "ticket-service", "router.yaml");
        for (int until = 0; until < made.size(); until++) {
            var cut = Box.opened(inTokens(4, 5));
            Files.createDirectories(cut.config().getParent());
            for (var file : made.subList(0, until)) {
                Files.copy(whole.config().resolveSibling(file), cut.config().resolveSibling(file));
            }
            Files.writeString(cut.config().resolveSibling(made.get(until) + ".draft"), "half of i");
            cut.plug(stick);
            for (var file : made) {
                assertEquals(
                        Files.readString(whole.config().resolveSibling(file)),
                        Files.readString(cut.config().resolveSibling(file)));
            }
        }
        // between the two certificates: the next start fetches the other, with what lies there
        var config = RouterConfig.read(whole.config());
        var first = whole.identity();
        var ticket = Files.readString(config.tickets().orElseThrow().service());
        Files.delete(config.tickets().orElseThrow().service());
        assertEquals("ticket-missing", refused(first::enrol));
        Files.writeString(config.tickets().orElseThrow().service(), ticket);
        whole.plug(stick);
        whole.identity().enrol();
    }

    @Test
    void anOldAlteredOrHalfDocumentConfiguresNothing() throws Exception {
        var box = Box.opened(inTokens(6, 7));
        var terms = terms(router("plain", "0004"));
        assertEquals(
                "first-boot-expired",
                refused(() ->
                        box.plug(stick(terms, CLOCK.instant().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS)))));
        var other = terms(router("plain", "0005"));
        var altered = new FirstBootDocument(link(terms, soon(), "https://x.example/y"), Optional.of(other.encode()));
        var stick = Files.createDirectories(folder.resolve("altered"));
        var file = stick.resolve(FirstBootDocument.FILE);
        Files.write(file, altered.encode().toArray());
        assertEquals("first-boot-altered", refused(() -> box.plug(stick)));
        Files.writeString(file, altered.encode().asUtf8().substring(0, 900));
        assertEquals("first-boot-malformed", refused(() -> box.plug(stick)));
        assertFalse(Files.exists(box.config()));
        // by hand: nobody's stick changes it
        Files.createDirectories(box.config().getParent());
        Files.writeString(
                box.config(),
                "role: router\nfolder: .\nregion: region.json\nprovider: \"1319900041\"\noutside: [eth0]\ntoken: "
                        + inTokens(6, 7) + "\n");
        assertEquals("first-boot-configured", refused(() -> box.plug(stick(terms, soon()))));
    }

    @Test
    void aQrCodeIsEnoughWhereTheLineIsUpAndWhoeverAnswersIsNotBelieved() throws Exception {
        var box = Box.opened(inTokens(6, 7));
        var terms = terms(router("plain", "0006"));
        var answers = new ArrayList<>(List.of(
                Bytes.utf8("{}"),
                terms(router("plain", "0007")).encode(),
                Bytes.of(new byte[1 << 20]),
                terms.encode()));
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/t", exchange -> {
            var answer = answers.removeFirst().toArray();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        try {
            var at = "http://localhost:" + server.getAddress().getPort();
            var picture = Files.write(
                    folder.resolve("qr.png"),
                    QrCode.of(link(terms, soon(), at + "/t").revealed()).png().toArray());
            assertEquals("first-boot-altered", refused(() -> box.plug(picture)));
            assertEquals("first-boot-altered", refused(() -> box.plug(picture)));
            assertEquals("first-boot-unreachable", refused(() -> box.plug(picture)));
            assertFalse(Files.exists(box.config()));
            box.plug(picture);
            assertTrue(Files.exists(box.config()));
            var nowhere = Box.opened(inTokens(6, 7));
            var missing = Files.writeString(
                    folder.resolve("typed"),
                    link(terms, soon(), at + "/nowhere").revealed());
            assertEquals("first-boot-unreachable", refused(() -> nowhere.plug(missing)));
        } finally {
            server.stop(0);
        }
    }

    @Test
    @Tag("N7")
    void whereTheOperatorDemandsItTheChipProvesItselfAndATicketIsOfNoUseWithAnother() throws Exception {
        var router = router("acme", "0001");
        var chip = chip("acme/R-9/0001");
        var other = chip("acme/R-9/0002");
        var stick = stick(terms(router), soon());
        // a thief with the stick and a machine of the same vendor
        var thief = Box.opened(besideChip(other, 2));
        thief.plug(stick);
        assertEquals("chip-of-other-device", refused(() -> thief.identity().enrol()));
        // the clinic's own
        var box = Box.opened(besideChip(chip, 3));
        box.plug(stick);
        var identity = box.identity();
        identity.enrol();
        assertEquals(router, identity.self());
        // and later: nothing is asked of the chip, nothing of the stick
        box.identity().enrol();
    }

    private static Path chip(String device) {
        var at = folder.resolve("chip-" + next++);
        try (var made = DeviceChip.make(at, device, 1, DIE)) {
            var manager = DeviceChip.manager(at);
            made.install("medical-vpn", manager.key(), made.manager());
            authority.operate("chip-maker-accept", Map.of("vendor", "acme", "key", manager.written(), "tokens", "yes"));
        }
        return at;
    }

    private static String besideChip(Path chip, int token) {
        return "{library: %s, service: %d, servicePin: %s, chip: {folder: %s, slot: 1}}"
                .formatted(
                        tokens.library(),
                        tokens.slots().get(token),
                        tokens.pins().get(token),
                        chip);
    }
}
