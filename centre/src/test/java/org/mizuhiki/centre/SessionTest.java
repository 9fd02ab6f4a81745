package org.mizuhiki.centre;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.centre.World.refused;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.centre.SessionDesk.Pair;
import org.mizuhiki.centre.SessionDesk.Session;
import org.mizuhiki.centre.SessionDesk.SessionWish;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.seal.Author;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;
import org.mizuhiki.vpn.Verdict;

/// One consultation, several sites.
@Tag("N2")
@Tag("N3")
@SuppressWarnings("NullAway.Init")
class SessionTest {
    private static final InstitutionCode C = new InstitutionCode("0110000009");
    private static World world;
    private static Author provider;
    private static Author a;
    private static Author b;
    private static Author c;
    private static int serials;

    private Box boxA;
    private Box boxB;
    private Box boxC;

    @BeforeAll
    static void found() throws IOException {
        world = new World();
        provider = world.institution(World.PROVIDER);
        a = world.institution(World.A);
        b = world.institution(World.B);
        c = world.institution(C);
        world.declare(world.uniform(), provider);
    }

    @AfterAll
    static void end() throws IOException {
        world.close();
    }

    @BeforeEach
    void threeNewRouters() {
        boxA = box(World.A, a, "10.1.0.0/24", Answer.AUTOMATIC);
        boxB = box(World.B, b, "10.2.0.0/24", Answer.AUTOMATIC);
        boxC = box(C, c, "10.3.0.0/24", Answer.AUTOMATIC);
    }

    private static Box box(InstitutionCode of, Author by, String network, Answer answer) {
        var box = new Box(world, World.service(of, "T" + serials++));
        world.declare(world.membership(box.service), provider);
        world.declare(world.policy(box.service, network, answer, List.of()), by);
        return box;
    }

    private static SessionDesk desk(Author by) {
        return new RemoteSessionDesk(world.peer(by));
    }

    private Session opened(String... sites) {
        var wish = new SessionWish(boxA.service.identity(), "referral", List.of(sites), Duration.ofHours(1));
        return desk(a).open(wish, Optional.empty());
    }

    private Session opened() {
        return opened(boxB.service.identity(), boxC.service.identity());
    }

    /// Who runs with whom, by the first digits of their codes.
    private static List<String> running(Session session) {
        return session.pairs().stream()
                .filter(Pair::running)
                .map(p -> p.asking().substring(0, 2) + "-" + p.asked().substring(0, 2))
                .sorted()
                .toList();
    }

    private static Session now(Author of, Session session) {
        return desk(of).sessions().stream()
                .filter(s -> s.session().equals(session.session()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aSessionOpensAsAStarAndEachPairIsVerifiedByItsRouters() {
        var session = opened();
        assertEquals(List.of("13-01", "13-27"), running(session));
        for (var box : List.of(boxA, boxB, boxC)) {
            assertInstanceOf(Verdict.Good.class, box.verify(box.next().getFirst()));
        }
        assertEquals(session, now(b, session));
    }

    @Test
    @Tag("N4")
    void aRefusedPairIsToldWithItsRuleAndStopsNoOther() {
        var no = box(C, c, "10.4.0.0/24", Answer.NEVER);
        var nobody = World.service(C, "nobody").identity();
        var session = opened(boxB.service.identity(), no.service.identity(), nobody);
        assertEquals(List.of("13-27"), running(session));
        assertEquals("rule-never", rule(session, no.service.identity()));
        assertEquals("router-unknown", rule(session, nobody));
    }

    private static String rule(Session session, String asked) {
        return session.pairs().stream()
                .filter(p -> p.asked().equals(asked))
                .flatMap(p -> p.outcome().refused().stream())
                .findFirst()
                .orElseThrow()
                .rule();
    }

    @Test
    void anInvitedSiteConnectsItselfWithTheOthersAndLeavesWhileTheyGoOn() {
        var session = opened();
        var joined = desk(c).join(session.session(), boxC.service.identity(), Optional.empty());
        assertEquals(List.of("01-27", "13-01", "13-27"), running(joined));
        var again = desk(c).join(session.session(), boxC.service.identity(), Optional.empty());
        assertEquals(joined, again, "once is enough");
        desk(c).leave(session.session(), boxC.service.identity());
        assertEquals(List.of("13-27"), running(now(a, session)));
        // the convener takes it in again
        var back = desk(a).join(session.session(), boxC.service.identity(), Optional.empty());
        assertEquals(List.of("13-01", "13-27"), running(back));
    }

    @Test
    void whoWasNotInvitedNeitherJoinsNorEndsNorSeesIt() {
        var session = opened(boxB.service.identity());
        var name = session.session();
        refused("session-not-invited", () -> desk(c).join(name, boxC.service.identity(), Optional.empty()));
        refused("session-unknown", () -> desk(c).join(name, boxB.service.identity(), Optional.empty()));
        refused("session-unknown", () -> desk(c).leave(name, boxB.service.identity()));
        refused("session-unknown", () -> desk(b).end(name));
        assertTrue(desk(c).sessions().stream().noneMatch(s -> s.session().equals(name)));
        refused(
                "router-not-yours",
                () -> desk(b).open(
                                new SessionWish(
                                        boxA.service.identity(),
                                        "referral",
                                        List.of(boxB.service.identity()),
                                        Duration.ofHours(1)),
                                Optional.empty()));
        refused("session-malformed", () -> opened(boxA.service.identity()));
    }

    @Test
    void itEndsAsAWhole() {
        var session = opened();
        desk(c).join(session.session(), boxC.service.identity(), Optional.empty());
        desk(a).end(session.session());
        assertTrue(desk(a).sessions().stream().noneMatch(s -> s.session().equals(session.session())));
        var left = world.desk(c).connections().stream()
                .filter(r ->
                        r.asking().equals(boxC.service.identity()) || r.asked().equals(boxC.service.identity()))
                .toList();
        assertEquals(List.of(), left);
        refused("session-unknown", () -> desk(a).join(session.session(), boxC.service.identity(), Optional.empty()));
    }
}
