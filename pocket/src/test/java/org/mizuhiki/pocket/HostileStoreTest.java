package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.KeyServer;
import org.mizuhiki.keys.KeyServer.Filed;
import org.mizuhiki.store.Store;

/// Store and key server that drop grants, hand them out twice, or give one for another: noticed by those
/// whose grants they are.
@ExtendWith(World.Given.class)
@Tag("V2")
@Tag("V3")
@Tag("V6")
class HostileStoreTest {
    private static final Duration LIFE = Duration.ofDays(1);

    private static Digest send(World world) {
        world.relate(world.doctorA(), world.patient());
        var pocket = world.doctorA().pocket();
        return pocket.post()
                .send(Letters.draft(pocket, Letters.plain(world.patient().id())))
                .letter();
    }

    private static Digest give(World world, Digest letter, World.Player reader) {
        return world.doctorA().pocket().grants().give(letter, reader.id(), LIFE, "referral");
    }

    private boolean isGrant(World world, Filed filed, Digest grant) {
        return world.checked(filed.signed()) instanceof LateralGrant g && g.id().equals(grant);
    }

    @SuppressWarnings("unchecked") // lists of statements are the key server's only lists
    private static List<Filed> filed(Object answer) {
        return (List<Filed>) answer;
    }

    @Test
    void aGrantThatTheKeyServerDropsOpensNothingAndIsMissedByItsReader(World world) {
        var letter = send(world);
        var grant = give(world, letter, world.doctorB());
        var dropping = Tampered.with(KeyServer.class, world.region.keys(), (method, _, call) -> {
            var answer = call.call();
            return method.equals("aboutLetter") || method.equals("involving")
                    ? filed(answer).stream()
                            .filter(f -> !isGrant(world, f, grant))
                            .toList()
                    : answer;
        });
        var pocket = world.pocket(world.doctorB(), Regions.keys(world.region, dropping));
        Refused.with("not-a-reader", () -> pocket.reading().open(letter, "treatment"));
        // the other server still tells of it: the reader knows that something is missing
        assertTrue(pocket.post().inbox(100, Long.MAX_VALUE).stream()
                .anyMatch(n -> n.letter().equals(letter)));
    }

    @Test
    void aNoticeThatTheStoreDropsHidesNoGrant(World world) {
        var letter = send(world);
        var grant = give(world, letter, world.doctorB());
        var dropping = Tampered.with(
                Store.class,
                world.region.store(),
                (method, _, call) -> method.equals("inbox") ? List.of() : call.call());
        var pocket = world.pocket(world.doctorB(), Regions.store(world.region, dropping));
        assertTrue(pocket.grants().list().stream().anyMatch(g -> g.id().equals(grant)));
        assertEquals(letter, pocket.reading().open(letter, "treatment").id());
    }

    @Test
    void aGrantThatWasTakenAndNotFiledIsNoticedByItsGiver(World world) {
        var letter = send(world);
        var earlier = new Filed[1];
        var listening = Tampered.with(KeyServer.class, world.region.keys(), (method, _, call) -> {
            var answer = call.call();
            if (method.equals("grant")) {
                earlier[0] = (Filed) answer;
            }
            return answer;
        });
        world.pocket(world.doctorA(), Regions.keys(world.region, listening))
                .grants()
                .give(letter, world.doctorC().id(), LIFE, "referral");
        // "done", says the key server, and answers with what it filed before
        var lying = Tampered.with(
                KeyServer.class,
                world.region.keys(),
                (method, _, call) -> method.equals("grant") ? earlier[0] : call.call());
        var giver = world.pocket(world.doctorA(), Regions.keys(world.region, lying));
        Refused.with(
                "entry-unknown",
                () -> giver.grants().give(letter, world.doctorB().id(), LIFE, "referral"));
        var waiting = giver.errands().waiting();
        assertEquals(1, waiting.size(), "it waits on the giver's disk until the ledger has it");
        // an honest server takes it later
        var pushed = world.doctorA().pocket().errands().push();
        assertEquals(List.of(waiting.getFirst().id()), pushed.done());
        assertEquals(
                letter,
                world.doctorB().pocket().reading().open(letter, "treatment").id());
    }

    @Test
    void aGrantThatIsToldTwiceCountsOnce(World world) {
        var letter = send(world);
        var grant = give(world, letter, world.doctorB());
        world.doctorB().pocket().reading().open(letter, "treatment");
        var doubling =
                Tampered.with(KeyServer.class, world.region.keys(), (method, arguments, call) -> switch (method) {
                    case "aboutLetter" -> {
                        var twice = new ArrayList<>(filed(call.call()));
                        twice.addAll(List.copyOf(twice));
                        yield twice;
                    }
                    // under other numbers, so that the pages still go back in time
                    case "involving" -> {
                        long before = (long) arguments[2];
                        var all = filed(world.region
                                .keys()
                                .involving((PersonId) arguments[0], KeyServer.MAX_PAGE, Long.MAX_VALUE));
                        yield before == Long.MAX_VALUE
                                ? renumbered(all, 1L << 60)
                                : before > 1L << 59 ? renumbered(all, 1L << 50) : List.of();
                    }
                    default -> call.call();
                });
        var patient = world.pocket(world.patient(), Regions.keys(world.region, doubling));
        assertEquals(
                1,
                patient.grants().list().stream()
                        .filter(g -> g.id().equals(grant))
                        .count());
        assertEquals(1, patient.trail().openings(letter).size());
        var reader = world.pocket(world.doctorB(), Regions.keys(world.region, doubling));
        assertEquals(letter, reader.reading().open(letter, "treatment").id());
    }

    private static List<Filed> renumbered(List<Filed> all, long from) {
        var other = new ArrayList<Filed>();
        for (var filed : all) {
            other.add(new Filed(from - other.size(), filed.signed(), filed.receipt()));
        }
        return other;
    }

    @Test
    void noticesThatComeTwiceOrOutOfOrderAreRefused(World world) {
        var letter = send(world);
        give(world, letter, world.doctorB());
        var doubling = Tampered.with(Store.class, world.region.store(), (method, _, call) -> {
            var answer = call.call();
            if (!method.equals("inbox")) {
                return answer;
            }
            @SuppressWarnings("unchecked")
            var twice = new ArrayList<>((List<Store.Notice>) answer);
            twice.add(twice.getFirst());
            return twice;
        });
        var pocket = world.pocket(world.doctorB(), Regions.store(world.region, doubling));
        Refused.with("store-odd", () -> pocket.post().inbox(10, Long.MAX_VALUE));
        assertFalse(world.doctorB().pocket().post().inbox(10, Long.MAX_VALUE).isEmpty());
    }

    @Test
    void aGrantForOneLetterOpensNoOther(World world) {
        var granted = send(world);
        give(world, granted, world.doctorC());
        var other = send(world);
        give(world, other, world.doctorB());
        // the reader of the first letter is told of the second, with the grant of the first among its statements
        var swapping = Tampered.with(KeyServer.class, world.region.keys(), (method, arguments, call) -> {
            if (!method.equals("aboutLetter") || !arguments[1].equals(other)) {
                return call.call();
            }
            var all = new ArrayList<>(
                    world.region.keys().aboutLetter(world.patient().id(), other));
            all.addAll(world.region.keys().aboutLetter((PersonId) arguments[0], granted));
            return all;
        });
        var pocket = world.pocket(world.doctorC(), Regions.keys(world.region, swapping));
        Refused.with("not-a-reader", () -> pocket.reading().open(other, "treatment"));
    }

    @Test
    void aStoreThatLosesTheLetterIsNoticedByItsReader(World world) {
        var letter = send(world);
        give(world, letter, world.doctorB());
        var losing = Tampered.with(Store.class, world.region.store(), (method, _, call) -> {
            if (method.equals("fetch")) {
                throw Refusal.of("blob-unknown", "ありません", "no such blob");
            }
            return call.call();
        });
        var pocket = world.pocket(world.doctorB(), Regions.store(world.region, losing));
        Refused.with("blob-unknown", () -> pocket.reading().open(letter, "treatment"));
        var reading = world.doctorB().pocket().reading().open(letter, "treatment");
        assertEquals(letter, reading.id());
    }
}
