package org.mizuhiki.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.centre.Order;
import org.mizuhiki.centre.RouterDesk.Happened;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ike.Charon;
import org.mizuhiki.ike.Esp;
import org.mizuhiki.lab.LabRouter;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.seal.Signature;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Validator;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.Declarations.Said;
import org.mizuhiki.vpn.SignedInformation;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;

/// Two routers in the lab that follow a centre, an honest one and a hostile one. Signatures of declarations
/// are taken as checked: their checks are room vpn's.
@Tag("N2")
@Tag("D2")
class RouterTest {
    private static final Seals SEALS = new Seals(Pair.DIE);
    private static final Clock CLOCK = Clock.fixed(Pair.NOW.plusSeconds(10), ZoneOffset.UTC);
    private static Pair pair;
    private static Author signer;

    @TempDir
    Path folder;

    private final Map<Bytes, Said<Declaration>> papers = new HashMap<>();
    private final Desk deskE = new Desk();
    private final Desk deskA = new Desk();
    private String role = SignedInformation.CENTRE;
    private volatile Set<Bytes> revoked = Set.of();
    private Router e;
    private Router a;

    @BeforeAll
    static void build() throws Exception {
        pair = Pair.inTheLab();
        signer = pair.signer();
    }

    @AfterAll
    static void clear() {
        if (pair != null) {
            pair.close();
        }
    }

    @BeforeEach
    void start() {
        e = router(pair.e, deskE);
        a = router(pair.a, deskA);
        await(() -> !deskE.locations.isEmpty() && !deskA.locations.isEmpty());
    }

    @AfterEach
    void stop() {
        for (var router : List.of(e, a)) {
            deskE.away = false;
            deskA.away = false;
            router.live().forEach(l -> router.cut(l.good().information().connection()));
            router.close();
        }
    }

    private Router router(LabRouter at, Desk desk) {
        var space = pair.lab.router(at.site());
        var name = at.site().name();
        var setup = new Charon.Setup(pair.lab.folder().resolve(name), space, Esp.detect(space), Map.of(), Map.of());
        var site = new Site(setup, Set.of("eth0"), engine -> {
            engine.loadKey(at.papers().inHand());
            engine.loadCa(pair.authority.certificate());
            engine.loadRevocations(pair.authority.revoking());
        });
        var certificate = KeyFiles.certificate(at.papers().certificate());
        var around = new Around(
                Pair.member(at),
                () -> certificate,
                _ -> pair.authority.certificate(),
                () -> pair.lab.address(at.site()).getHostAddress(),
                Pair.PROVIDER,
                new Believing(() -> role),
                signed -> Optional.ofNullable(papers.get(signed)).orElseThrow(RouterTest::forged),
                other -> {
                    if (revoked.contains(KeyFiles.encoded(other))) {
                        throw Refusal.of("certificate-revoked", "失効", "revoked");
                    }
                },
                SEALS,
                CLOCK,
                Pair.DIE);
        return Router.start(folder.resolve(name), site, desk, around);
    }

    /// Whoever shows a certificate is what the test says.
    private record Believing(Supplier<String> role) implements Validator {
        @Override
        public Member check(List<X509Certificate> chain, Purpose purpose, Instant at) {
            return new Member.Server(role.get(), "centre");
        }

        @Override
        public Member check(Signature signature) {
            throw forged();
        }
    }

    private static Refusal forged() {
        return Refusal.of("signature-broken", "署名が正しくありません", "forged");
    }

    /// As it was signed and checked.
    private Bytes paper(Declaration declaration) {
        var signed = declaration.canonical().encode();
        var signer = new Member.Institution(declaration.by(), "機関");
        papers.put(signed, new Said<>(declaration, declaration.id(), signed, signer));
        return signed;
    }

    private ConnectionInformation information(long serial) {
        var raw = new byte[32];
        Pair.DIE.nextBytes(raw);
        try (var ppk = Secret.taking(raw)) {
            return pair.information(
                    serial,
                    Long.toHexString(serial).repeat(32).substring(0, 32),
                    sealed(ppk, deskE),
                    sealed(ppk, deskA));
        }
    }

    private static Bytes sealed(Secret ppk, Desk desk) {
        return SEALS.wrap(ppk, new Reader.XWing(desk.locations.getLast().sealing()))
                .encoded();
    }

    private void order(ConnectionInformation information) {
        var signed = SignedInformation.sign(information, signer);
        order(deskA, signed, pair.e.papers().certificate(), pair.a);
        order(deskE, signed, pair.a.papers().certificate(), pair.e);
    }

    private void order(Desk desk, SignedInformation signed, Bytes partner, LabRouter to) {
        var own = List.of(paper(Pair.uniform()), paper(Pair.policy(to, Answer.AUTOMATIC)));
        desk.orders.add(new Order(
                desk.orders.size() + 1,
                Optional.of(signed),
                Optional.of(partner),
                Optional.empty(),
                Optional.empty(),
                own));
    }

    private static void cut(Desk desk) {
        desk.orders.add(new Order(
                desk.orders.size() + 1,
                Optional.empty(),
                Optional.empty(),
                Optional.of(Pair.CONNECTION),
                Optional.of("asked"),
                List.of()));
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) {
        long end = System.nanoTime() + Pair.SOON.toNanos();
        try {
            while (!condition.holds()) {
                assertTrue(System.nanoTime() < end, "it did not come to pass in time");
                Thread.sleep(5);
            }
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    private void connected() {
        order(information(1));
        await(() -> deskE.heard(Happened.UP) && deskA.heard(Happened.UP));
    }

    private static List<String> loaded() {
        return pair.e.engine().loaded();
    }

    @Test
    @Tag("D7")
    void whatTheCentreSaysAndTheOwnSideWantsIsBuiltReportedAndTakenDown() throws Exception {
        try (var _ = pair.echo()) {
            connected();
            assertTrue(pair.reaches());
            assertEquals(
                    Pair.CONNECTION, e.live().getFirst().good().information().connection());
            cut(deskA);
            cut(deskE);
            await(() -> e.live().isEmpty() && a.live().isEmpty() && loaded().isEmpty());
            assertFalse(pair.reaches());
        }
    }

    @Test
    @Tag("N6")
    void theNextSerialRenewsWithoutAnEnd() throws Exception {
        try (var _ = pair.echo()) {
            connected();
            long before = pair.e.engine().state(Pair.CONNECTION).orElseThrow().generation();
            order(information(2));
            await(() -> pair.e.engine().state(Pair.CONNECTION).orElseThrow().generation() > before);
            assertTrue(pair.reaches());
        }
    }

    @Test
    @Tag("D4")
    void aHostileCentreConnectsNobodyAgainstTheOwnSidesWill() {
        // 1. signed by a server that is not the centre
        role = "gateway";
        order(information(1));
        // 2. with a partner that is not the one that was signed
        await(() -> deskE.orders.size() == 1);
        var wrong = pair.authority.issue("wrong").certificate();
        pause();
        role = SignedInformation.CENTRE;
        order(deskE, SignedInformation.sign(information(1), signer), wrong, pair.e);
        await(() -> deskE.reasons().contains("tunnel-wrong-certificate"));
        // 3. after the own side has said no; the centre leaves that away and sends the older yes again
        deskE.orders.add(new Order(
                deskE.orders.size() + 1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(paper(Pair.policy(pair.e, Answer.NEVER)))));
        order(
                deskE,
                SignedInformation.sign(information(2), signer),
                pair.a.papers().certificate(),
                pair.e);
        await(() -> deskE.reasons().contains("without-consent"));
        assertEquals(List.of(), loaded());
        assertEquals(List.of(), e.live());
    }

    @Test
    @Tag("D3")
    void informationThatEndedNeverComesBack() {
        var information = information(1);
        order(information);
        await(() -> deskE.heard(Happened.UP));
        cut(deskE);
        cut(deskA);
        await(() -> e.live().isEmpty());
        e.close();
        e = router(pair.e, deskE);
        order(
                deskE,
                SignedInformation.sign(information, signer),
                pair.a.papers().certificate(),
                pair.e);
        await(() -> deskE.reasons().contains("replayed"));
        assertEquals(List.of(), loaded());
    }

    @Test
    void aRouterThatStartsAnewGoesOnWithWhatRunsAndAsksForNewKeys() throws Exception {
        try (var _ = pair.echo()) {
            connected();
            e.close();
            assertTrue(pair.reaches(), "tunnels outlive their controller");
            int orders = deskE.orders.size();
            var before = deskE.locations.getLast().sealing();
            int told = deskE.locations.size();
            e = router(pair.e, deskE);
            assertTrue(pair.reaches(), "and its next start");
            await(() -> deskE.locations.size() > told);
            assertNotEquals(before, deskE.locations.getLast().sealing(), "no PPK was on a disk");
            assertEquals(orders, deskE.orders.size());
            order(information(2));
            await(() ->
                    pair.e.engine().state(Pair.CONNECTION).filter(s -> s.ppk()).isPresent());
            await(pair::reaches);
        }
    }

    @Test
    @Tag("D9")
    void aSiteCutsWhileTheCentreIsAwayAndTheCentreHearsOfItAfterARestartOfBoth() throws Exception {
        try (var _ = pair.echo()) {
            connected();
            deskE.away = true;
            e.cut(Pair.CONNECTION);
            assertFalse(pair.reaches());
            assertEquals(
                    "connection-unknown",
                    assertThrows(Refusal.class, () -> e.cut(Pair.CONNECTION)).code());
            e.close();
            deskE.away = false;
            e = router(pair.e, deskE);
            await(() -> deskE.reasons().contains("cut-at-router"));
        }
    }

    @Test
    void anEngineThatDiesIsReplacedAndConnectsAgainByItself() throws Exception {
        try (var _ = pair.echo()) {
            connected();
            var pid = Long.parseLong(Files.readString(pair.lab.folder().resolve("e/pid")));
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            await(pair::reaches);
            // the next tests ask the new one
            var space = pair.lab.router(pair.e.site());
            var setup = new Charon.Setup(pair.lab.folder().resolve("e"), space, Esp.detect(space), Map.of(), Map.of());
            var charon = Charon.run(setup);
            pair.e = new LabRouter(pair.e.site(), pair.e.papers(), charon, charon.engine(), pair.e.policy());
        }
    }

    @Test
    @Tag("D3")
    void aPartnerThatIsRevokedIsCutAlsoWithoutTheCentre() throws Exception {
        try (var _ = pair.echo()) {
            connected();
            deskE.away = true;
            revoked = Set.of(pair.a.papers().certificate());
            e.revocations(List.of(pair.authority.revoking()));
            assertFalse(pair.reaches());
            assertEquals(List.of(), e.live());
        }
    }

    @Test
    void aPpkSealedToAnEarlierKeyIsNoRefusalButAsksForAnother() {
        var other = SEALS.newReaderKey().publicKey();
        var raw = Secret.taking(new byte[32]);
        var stale = SEALS.wrap(raw, new Reader.XWing(other)).encoded();
        int told = deskE.locations.size();
        var information = pair.information(1, "c".repeat(32), stale, stale);
        order(
                deskE,
                SignedInformation.sign(information, signer),
                pair.a.papers().certificate(),
                pair.e);
        await(() -> deskE.locations.size() > told);
        assertEquals(List.of(), deskE.reports);
        assertEquals(List.of(), loaded());
    }

    @Test
    @Tag("D4")
    void anotherInstitutionsPolicyCountsForNothing() {
        var theirs = Pair.policy(pair.a, Answer.AUTOMATIC);
        assertEquals(new InstitutionCode("1319900116"), theirs.by());
        var signed = SignedInformation.sign(information(1), signer);
        deskE.orders.add(new Order(
                1,
                Optional.of(signed),
                Optional.of(pair.a.papers().certificate()),
                Optional.empty(),
                Optional.empty(),
                List.of(paper(Pair.uniform()), paper(theirs), Bytes.utf8("forged"))));
        await(() -> deskE.reasons().contains("papers-missing"));
        assertEquals(List.of(), loaded());
    }

    private static void pause() {
        try {
            Thread.sleep(300);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
