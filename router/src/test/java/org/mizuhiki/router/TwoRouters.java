package org.mizuhiki.router;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.centre.Order;
import org.mizuhiki.centre.RouterDesk.Happened;
import org.mizuhiki.house.Bytes;
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
import org.mizuhiki.vpn.Membership;
import org.mizuhiki.vpn.SignedInformation;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;

/// Two routers in the lab that follow a centre, an honest one and a hostile one. Signatures of declarations
/// are taken as checked: their checks are room vpn's.
abstract class TwoRouters {
    static final Seals SEALS = new Seals(Pair.DIE);
    static final Clock CLOCK = Clock.fixed(Pair.NOW.plusSeconds(10), ZoneOffset.UTC);
    static Pair pair;
    static Author signer;

    @TempDir
    Path folder;

    final Map<Bytes, Member> who = new HashMap<>();
    final Map<Bytes, Said<Declaration>> papers = new HashMap<>();
    final Desk deskE = new Desk();
    final Desk deskA = new Desk();
    String role = SignedInformation.CENTRE;
    volatile Set<Bytes> revoked = Set.of();
    Router e;
    Router a;

    /// Which site's router asks A's, if not E's, and which other site there is.
    @Retention(RetentionPolicy.RUNTIME)
    @interface Asks {
        String value();

        String third() default "";
    }

    @BeforeAll
    static void build(TestInfo test) throws Exception {
        var asks = test.getTestClass().map(c -> c.getAnnotation(Asks.class));
        pair = Pair.inTheLab(
                asks.map(Asks::value).orElse("e"), asks.map(Asks::third).orElse(""));
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
        who.put(pair.e.papers().certificate(), Pair.member(pair.e));
        who.put(pair.a.papers().certificate(), Pair.member(pair.a));
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

    Router router(LabRouter at, Desk desk) {
        var space = pair.lab.router(at.site());
        var name = at.site().name();
        var setup = new Charon.Setup(pair.lab.folder().resolve(name), space, Esp.detect(space), Map.of(), Map.of());
        var site = new Site(setup, Set.of("eth0"), engine -> {
            engine.loadKey(at.papers().inHand());
            engine.loadCa(pair.authority.certificate());
            engine.loadRevocations(pair.authority.revoking());
        });
        var author = Pair.author(at.papers());
        var certificate = author.certificate();
        var around = new Around(
                Pair.member(at),
                () -> certificate,
                other -> who.getOrDefault(KeyFiles.encoded(other), Pair.member(pair.a)),
                _ -> pair.authority.certificate(),
                () -> hosts(at),
                Pair.PROVIDER,
                new Believing(() -> role),
                signed -> Optional.ofNullable(papers.get(signed)).orElseThrow(TwoRouters::forged),
                other -> {
                    if (revoked.contains(KeyFiles.encoded(other))) {
                        throw Refusal.of("certificate-revoked", "失効", "revoked");
                    }
                },
                SEALS,
                CLOCK,
                Pair.DIE,
                () -> author,
                Optional::empty);
        return Router.start(folder.resolve(name), site, desk, around);
    }

    /// Where the router says that it is.
    List<String> hosts(LabRouter at) {
        return List.of(pair.lab.address(at.site()).getHostAddress());
    }

    /// Whoever shows a certificate is what the test says.
    record Believing(Supplier<String> role) implements Validator {
        @Override
        public Member check(List<X509Certificate> chain, Purpose purpose, Instant at) {
            return new Member.Server(role.get(), "centre");
        }

        @Override
        public Member check(Signature signature) {
            throw forged();
        }
    }

    static Refusal forged() {
        return Refusal.of("signature-broken", "署名が正しくありません", "forged");
    }

    /// As it was signed and checked.
    Bytes paper(Declaration declaration) {
        var signed = declaration.canonical().encode();
        var signer = new Member.Institution(declaration.by(), "機関");
        papers.put(signed, new Said<>(declaration, declaration.id(), signed, signer));
        return signed;
    }

    ConnectionInformation information(long serial) {
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

    static Bytes sealed(Secret ppk, Desk desk) {
        return SEALS.wrap(ppk, new Reader.XWing(desk.locations.getLast().sealing()))
                .encoded();
    }

    void order(ConnectionInformation information) {
        var signed = SignedInformation.sign(information, signer);
        order(deskA, signed, pair.e.papers().certificate(), pair.a);
        order(deskE, signed, pair.a.papers().certificate(), pair.e);
    }

    void order(Desk desk, SignedInformation signed, Bytes partner, LabRouter to) {
        var members = List.of(Pair.member(pair.e, 60), Pair.member(pair.a, 60));
        order(desk, signed, partner, to, members);
    }

    void order(Desk desk, SignedInformation signed, Bytes partner, LabRouter to, List<Membership> members) {
        var papers = Stream.concat(Stream.of(Pair.uniform(), Pair.policy(to, Answer.AUTOMATIC)), members.stream());
        desk.orders.add(new Order(
                desk.orders.size() + 1,
                Optional.of(signed),
                Optional.of(partner),
                Optional.empty(),
                Optional.empty(),
                papers.map(this::paper).toList()));
    }

    /// Papers alone.
    void tell(Desk desk, Declaration... papers) {
        desk.orders.add(new Order(
                desk.orders.size() + 1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Stream.of(papers).map(this::paper).toList()));
    }

    static void cut(Desk desk) {
        desk.orders.add(new Order(
                desk.orders.size() + 1,
                Optional.empty(),
                Optional.empty(),
                Optional.of(Pair.CONNECTION),
                Optional.of("asked"),
                List.of()));
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void await(Condition condition) {
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

    void connected() {
        order(information(1));
        await(() -> deskE.heard(Happened.UP) && deskA.heard(Happened.UP));
    }

    static List<String> loaded() {
        return pair.e.engine().loaded();
    }

    static void pause() {
        try {
            Thread.sleep(300);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
