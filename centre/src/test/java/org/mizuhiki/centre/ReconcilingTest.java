package org.mizuhiki.centre;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mizuhiki.centre.Reconciling.Seen;
import org.mizuhiki.centre.RouterDesk.LogLine;
import org.mizuhiki.centre.RouterDesk.Point;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.ConnectionInformation.Consent;
import org.mizuhiki.vpn.ConnectionInformation.End;
import org.mizuhiki.vpn.ConnectionInformation.Initiator;
import org.mizuhiki.vpn.ConnectionInformation.Translated;
import org.mizuhiki.vpn.Network;
import org.mizuhiki.vpn.Proposals;
import org.mizuhiki.vpn.Service;
import org.mizuhiki.vpn.ServiceClass;
import org.mizuhiki.vpn.Zone;

/// Records of origin, access point and accessed system, and what the centre decided.
@Tag("D9")
class ReconcilingTest {
    private static final Instant SINCE = Instant.parse("2026-11-24T01:00:00Z");
    private static final Member.Service A = World.service(World.A, "L1");
    private static final Member.Service B = World.service(World.B, "L2");

    /// Both sites have 10.1.0.0/24; B's is shown at A as 100.64.0.0/24, and A's at B as 100.64.1.0/24.
    private final ConnectionInformation information = information();

    private static ConnectionInformation information() {
        var opening = new Service.Opening(Service.Protocol.TCP, 443, 443, true);
        return new ConnectionInformation(
                ConnectionInformation.FORM,
                "0".repeat(32),
                1,
                SINCE,
                SINCE,
                SINCE.plus(Duration.ofHours(1)),
                Duration.ofMinutes(5),
                Duration.ofHours(1),
                Bytes.utf8("request").sha256(),
                Bytes.utf8("policy").sha256(),
                "region",
                new Service(
                        "referral", ServiceClass.EXCHANGE, Zone.SECURE, Zone.SECURE, List.of(opening), 0, World.TERMS),
                Proposals.usual(),
                Initiator.ASKING,
                "1".repeat(32),
                end(A, "100.64.1.0/24"),
                end(B, "100.64.0.0/24"));
    }

    private static End end(Member.Service router, String shown) {
        return new End(
                router,
                Bytes.utf8(router.identity()).sha256(),
                Optional.empty(),
                List.of(new Translated(Network.parse("10.1.0.0/24"), Network.parse(shown))),
                Bytes.utf8("sealed"),
                new Consent(Bytes.utf8("said").sha256(), "all", Optional.empty()));
    }

    private static Seen seen(Member.Service by, Point point, long second, String source, String target) {
        var line = new LogLine("0".repeat(32), point, SINCE.plusSeconds(second), source, target, "tcp", 443, 900);
        return new Seen(by.identity(), Duration.ZERO, line);
    }

    private static Seen ahead(Seen seen, Duration ahead) {
        var l = seen.line();
        var line = new LogLine(
                l.connection(),
                l.point(),
                l.at().plus(ahead),
                l.source(),
                l.target(),
                l.protocol(),
                l.port(),
                l.bytes());
        return new Seen(seen.router(), ahead, line);
    }

    /// A's machine 5 asks B's machine 9, as each point sees it.
    private static List<Seen> passage(long second) {
        return List.of(
                seen(A, Point.ORIGIN, second, "10.1.0.5", "100.64.0.9"),
                seen(A, Point.ACCESS_POINT, second + 1, "10.1.0.5", "100.64.0.9"),
                seen(B, Point.ACCESSED, second + 2, "100.64.1.5", "10.1.0.9"));
    }

    private Reconciled compared(List<Seen> all) {
        return Reconciling.compare(new Reconciling.Case(information, Optional.empty(), all));
    }

    @Test
    void whatAllThreePointsSawAgreesThoughAddressesAndClocksDiffer() {
        var all = new ArrayList<>(passage(10));
        all.set(2, ahead(all.get(2), Duration.ofHours(3)));
        var found = compared(all);
        assertEquals(1, found.agreed());
        assertEquals(List.of(), found.odd());
    }

    /// One flow, all within the tolerance: each line could belong to any passage before it.
    @Test
    @Timeout(120)
    void aHundredThousandLinesOfOneFlowAreLaidSideBySide() {
        var all = new ArrayList<Seen>();
        for (int n = 0; n < 33_334; n++) {
            all.addAll(passage(10));
        }
        for (int n = 0; n < 50_000; n++) {
            all.add(seen(A, Point.ACCESS_POINT, 20, "10.1.0.5", "100.64.0.9"));
        }
        var found = compared(all);
        assertEquals(33_334, found.agreed());
        assertEquals(50_000, found.odd().size());
    }

    /// What was there before it was counted in steps: the first that the point has not seen, not too long ago.
    @Test
    void inManyScenesItIsAsIfEachLineLookedAtAllPassages() {
        for (long seed = 0; seed < 300; seed++) {
            var die = new SplittableRandom(seed);
            var all = new ArrayList<Seen>();
            for (int n = die.nextInt(60); n > 0; n--) {
                all.add(passage(die.nextInt(400)).get(die.nextInt(3)));
            }
            var looked = new ArrayList<EnumMap<Point, Instant>>();
            var begun = new ArrayList<Instant>();
            all.stream().sorted(Comparator.comparing(Seen::at)).forEach(s -> {
                int at = 0;
                while (at < looked.size()
                        && (looked.get(at).containsKey(s.line().point())
                                || Duration.between(begun.get(at), s.at()).compareTo(Reconciling.TOLERANCE) > 0)) {
                    at++;
                }
                if (at == looked.size()) {
                    looked.add(new EnumMap<>(Point.class));
                    begun.add(s.at());
                }
                looked.get(at).put(s.line().point(), s.at());
            });
            var found = compared(all);
            assertEquals(looked.stream().filter(p -> p.size() == 3).count(), found.agreed());
            assertEquals(
                    looked.stream()
                            .filter(p -> p.size() < 3)
                            .map(p -> List.copyOf(p.keySet()))
                            .toList(),
                    found.odd().stream().map(Reconciled.Odd::seen).toList());
        }
    }

    /// Whichever record is taken away, just that passage is named with just that point.
    @Test
    void anyRecordThatIsMissingIsNamed() {
        var die = new SplittableRandom(7);
        for (int round = 0; round < 200; round++) {
            int passages = die.nextInt(1, 12);
            var all = new ArrayList<Seen>();
            for (int p = 0; p < passages; p++) {
                all.addAll(passage(p * 200L));
            }
            assertEquals(passages, compared(all).agreed());
            var gone = all.remove(die.nextInt(all.size()));
            var found = compared(all);
            assertEquals(passages - 1, found.agreed());
            assertEquals(1, found.odd().size());
            assertEquals(List.of(gone.line().point()), found.odd().getFirst().missing());
            assertEquals("10.1.0.9", found.odd().getFirst().target(), "by its own site's address");
        }
    }

    @Test
    void aClockThatNobodyKnowsToBeWrongTearsThemApart() {
        var all = new ArrayList<>(passage(10));
        var wrong = ahead(all.get(2), Duration.ofHours(3));
        all.set(2, new Seen(wrong.router(), Duration.ZERO, wrong.line()));
        var found = compared(all);
        assertEquals(0, found.agreed());
        assertEquals(2, found.odd().size());
        assertEquals(Optional.of("time"), found.odd().getLast().outside());
    }

    @Test
    void whatNobodyAgreedToIsNamedThoughAllSawIt() {
        assertEquals(Optional.of("time"), outside(passage(-3600)));
        assertEquals(Optional.of("machine"), outside(List.of(seen(A, Point.ORIGIN, 5, "10.1.0.5", "203.0.113.9"))));
        assertEquals(Optional.of("machine"), outside(List.of(seen(A, Point.ORIGIN, 5, "10.1.0.5", "nonsense"))));
        // B's machine asks, where only A's may
        assertEquals(Optional.of("port"), outside(List.of(seen(B, Point.ORIGIN, 5, "10.1.0.9", "100.64.1.5"))));
        var ended = new Reconciling.Case(information, Optional.of(SINCE.plusSeconds(60)), passage(300));
        assertEquals(
                Optional.of("time"), Reconciling.compare(ended).odd().getFirst().outside());
    }

    private Optional<String> outside(List<Seen> all) {
        return compared(all).odd().getFirst().outside();
    }
}
