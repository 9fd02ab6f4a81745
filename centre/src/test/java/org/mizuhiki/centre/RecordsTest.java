package org.mizuhiki.centre;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.centre.World.refused;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.centre.RecordsCheck.Flaw;
import org.mizuhiki.centre.RouterDesk.LogLine;
import org.mizuhiki.centre.RouterDesk.Point;
import org.mizuhiki.centre.SubscriberDesk.Wish;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.vpn.ChainSignature;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.wire.TimeCheck;

/// Records of traffic as evidence: what routers sign, the centre keeps and the ledger holds, and what a
/// reader finds out about a centre, a router or a courier that left out, added or changed something.
@Tag("D9")
@SuppressWarnings("NullAway.Init")
class RecordsTest extends TwoSites {
    private String connection;

    /// One router's chain, as the router itself makes it.
    private final class Signer {
        final Box box;
        final List<SignedBatch> all = new ArrayList<>();
        Optional<TimeCheck> clock;
        long lost;

        Signer(Box box) {
            this.box = box;
            clock = Optional.of(new TimeCheck(now(), Duration.ofMillis(3), Duration.ofMillis(1), "ntp.test"));
        }

        SignedBatch next(boolean last, LogLine... lines) {
            var before = all.isEmpty()
                    ? Optional.<Digest>empty()
                    : Optional.of(decoded(all.getLast()).id());
            var signed = SignedBatch.sign(batch(all.size() + 1, before, last, List.of(lines)), box.author);
            all.add(signed);
            return signed;
        }

        LogBatch batch(long number, Optional<Digest> before, boolean last, List<LogLine> lines) {
            return new LogBatch(
                    LogBatch.FORM,
                    box.service.identity(),
                    connection,
                    number,
                    before,
                    now(),
                    clock,
                    lost,
                    last,
                    Declaration.nonce(World.DIE),
                    lines);
        }
    }

    private Signer atA;
    private Signer atB;

    @BeforeEach
    void connect() {
        var wish = new Wish(
                boxA.service.identity(), boxB.service.identity(), "referral", Duration.ofHours(1), Optional.empty());
        connection = world.desk(a).ask(wish, Optional.empty()).connection().orElseThrow();
        atA = new Signer(boxA);
        atB = new Signer(boxB);
    }

    private static Instant now() {
        return world.clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static LogBatch decoded(SignedBatch signed) {
        return LogBatch.decode(signed.batch());
    }

    private LogLine line(Point point, long bytes) {
        return new LogLine(connection, point, now(), "10.1.0.5", "10.2.0.9", "tcp", 443, bytes);
    }

    private RecordsCheck.Checked checked(Recorded recorded) {
        return new RecordsCheck(world.validator, RecordsTest::inLedger)
                .check(connection, recorded, world.clock.instant());
    }

    private static Instant inLedger(Entry entry) {
        if (!world.ledger.entries().contains(entry)) {
            throw Refusal.of("entry-unknown", "台帳にありません", "not in the ledger");
        }
        return Instant.EPOCH;
    }

    private static List<String> codes(RecordsCheck.Checked checked) {
        return checked.flaws().stream().map(Flaw::code).distinct().sorted().toList();
    }

    /// Three points saw it, all is over, all was handed in.
    private Recorded whole() {
        boxA.desk.log(atA.next(false, line(Point.ORIGIN, 900), line(Point.ACCESS_POINT, 900)));
        boxB.desk.log(atB.next(false, line(Point.ACCESSED, 900)));
        boxA.desk.log(atA.next(false, line(Point.ACCESS_POINT, 7)));
        world.desk(a).end(connection);
        boxA.desk.log(atA.next(true));
        boxB.desk.log(atB.next(true));
        world.centre.settle();
        return Recorded.all(world.desk(b), connection);
    }

    @Test
    void whatBothRoutersSignedIsProvenToEitherSideAndLaidSideBySide() {
        var checked = checked(whole());
        assertEquals(List.of(), checked.flaws());
        assertEquals(5, checked.batches());
        assertEquals(1, checked.reconciled().agreed());
        assertEquals(1, checked.reconciled().odd().size(), "what one access point alone saw");
        assertEquals(checked, checked(Recorded.all(world.desk(a), connection)));
        refused("connection-unknown", () -> {
            var stranger = world.institution(new org.mizuhiki.house.InstitutionCode("2710000009"));
            Recorded.all(world.desk(stranger), connection);
        });
    }

    @Test
    void aBatchThatIsSentTwiceStandsOnceAndAnotherOfItsNumberIsRefused() {
        var first = atA.next(false, line(Point.ACCESS_POINT, 1));
        boxA.desk.log(first);
        boxA.desk.log(first);
        assertEquals(1, Recorded.all(world.desk(a), connection).batches().size());
        var other = atA.batch(1, Optional.empty(), false, List.of(line(Point.ACCESS_POINT, 2)));
        refused("log-forked", () -> boxA.desk.log(SignedBatch.sign(other, boxA.author)));
        var elsewhere = atA.batch(2, Optional.of(other.id()), false, List.of());
        refused("log-forked", () -> boxA.desk.log(SignedBatch.sign(elsewhere, boxA.author)));
        boxA.desk.log(atA.next(true));
        var after = atA.batch(3, Optional.of(decoded(atA.all.getLast()).id()), false, List.of());
        refused("log-forked", () -> boxA.desk.log(SignedBatch.sign(after, boxA.author)));
    }

    /// A disk that was set back signs a number twice: what the centre cannot take is named, what follows counts.
    @Test
    void afterAForkTheChainGoesOnWithAGapThatIsNamed() {
        boxA.desk.log(atA.next(false, line(Point.ACCESS_POINT, 1)));
        var fork = atA.batch(2, Optional.of(decoded(atA.all.getFirst()).id()), false, List.of());
        boxA.desk.log(SignedBatch.sign(fork, boxA.author));
        refused("log-forked", () -> boxA.desk.log(atA.next(false, line(Point.ACCESS_POINT, 2))));
        refused("log-forked", () -> boxA.desk.log(atA.next(false, line(Point.ACCESS_POINT, 3))));
        boxA.desk.log(atA.next(false, line(Point.ACCESS_POINT, 4)));
        world.centre.settle();
        var checked = checked(Recorded.all(world.desk(a), connection));
        assertEquals(List.of("log-gap"), codes(checked));
        assertEquals(4, checked.flaws().getFirst().number());
        assertEquals(3, checked.batches());
    }

    @Test
    void aRouterThatHandsInWithoutEndIsRefusedUntilTheHourIsOverAndNothingThatWasTakenIsLost() {
        boxA.desk.log(atA.next(false, line(Point.ACCESS_POINT, 1)));
        var second = atA.next(false, line(Point.ACCESS_POINT, 2));
        for (var full : List.of("batches = " + LogRows.MOST_AN_HOUR, "bytes = " + LogRows.MOST_BYTES_AN_HOUR)) {
            hour(full);
            refused("log-full", () -> boxA.desk.log(second));
            refused("log-full", () -> boxA.desk.log(second));
            boxA.desk.log(atA.all.getFirst()); // what is there is no new one
            assertEquals(1, Recorded.all(world.desk(a), connection).batches().size());
            hour("batches = 1, bytes = 1");
        }
        boxB.desk.log(atB.next(false)); // another router's is its own
        hour("batches = " + LogRows.MOST_AN_HOUR + ", since = now() - interval '61 minutes'");
        boxA.desk.log(second);
        assertEquals(3, Recorded.all(world.desk(a), connection).batches().size());
    }

    private void hour(String set) {
        world.hour(boxA.service, set);
    }

    @Test
    void aChainHasItsEnd() {
        boxA.desk.log(atA.next(false));
        var most = atA.batch(LogBatch.MOST_OF_CHAIN + 1L, Optional.of(Digest.of((byte) 1)), true, List.of());
        refused("log-full", () -> boxA.desk.log(SignedBatch.sign(most, boxA.author)));
        var last = atA.batch(LogBatch.MOST_OF_CHAIN, Optional.of(Digest.of((byte) 1)), true, List.of());
        boxA.desk.log(SignedBatch.sign(last, boxA.author));
    }

    @Test
    void nobodySignsForAnother() {
        var batch = atA.batch(1, Optional.empty(), false, List.of(line(Point.ACCESS_POINT, 1)));
        refused("log-forged", () -> boxA.desk.log(SignedBatch.sign(batch, boxB.author)));
        refused("connection-unknown", () -> boxB.desk.log(SignedBatch.sign(batch, boxA.author)));
        var stranger = new Signer(box(true));
        refused("connection-unknown", () -> stranger.box.desk.log(stranger.next(false)));
    }

    /// What a centre, or whoever holds its rows, may try; each is named with the router that it concerns.
    @Test
    @Tag("D3")
    void whateverTheCentreLeavesOutAddsOrChangesIsNamed() {
        var whole = whole();
        // 1. any batch gone from the middle, or the last of a chain
        for (int i = 0; i < whole.batches().size(); i++) {
            var gone = decoded(whole.batches().get(i));
            var left = new ArrayList<>(whole.batches());
            left.remove(i);
            var flaws = checked(with(whole, left)).flaws();
            assertEquals(1, flaws.size(), () -> gone.number() + " " + flaws);
            assertEquals(gone.router(), flaws.getFirst().router());
            assertEquals(
                    gone.last() ? "log-unfinished" : "log-gap", flaws.getFirst().code());
        }
        // 2. all of one router's
        var onlyA = whole.batches().stream()
                .filter(s -> decoded(s).router().equals(boxA.service.identity()))
                .toList();
        assertEquals(List.of("log-unfinished"), codes(checked(with(whole, onlyA))));
        // 3. one twice, or one more that a router in wrong hands signed later
        var twice = new ArrayList<>(whole.batches());
        twice.add(twice.getFirst());
        assertEquals(List.of("log-gap"), codes(checked(with(whole, twice))));
        var late = new ArrayList<>(whole.batches());
        late.add(atA.next(false, line(Point.ACCESS_POINT, 66)));
        assertEquals(List.of("entry-unknown", "log-gap"), codes(checked(with(whole, late))));
        // 4. another number of bytes in a line
        var forged = change(whole, text -> text.replaceFirst("\"bytes\":900", "\"bytes\":901"));
        assertTrue(codes(checked(forged)).contains("log-forged"));
        assertEquals(4, checked(forged).batches());
        // 5. kept from the ledger
        var unentered = new RecordsCheck(world.validator, entry -> {
            if (entry.kind().equals(LogBatch.EVENT)) {
                throw Refusal.of("entry-unknown", "台帳にありません", "not in the ledger");
            }
            return Instant.EPOCH;
        });
        assertEquals(List.of("entry-unknown"), codes(unentered.check(connection, whole, now())));
        // 6. the connection's end kept back together with a router's last batch, or another's records
        var endless = new Recorded(
                whole.information(),
                Optional.empty(),
                whole.clocks(),
                whole.batches().subList(0, whole.batches().size() - 1));
        assertEquals(List.of("log-unfinished"), codes(checked(endless)));
        refused(
                "connection-unknown",
                () -> new RecordsCheck(world.validator, RecordsTest::inLedger).check("0".repeat(32), whole, now()));
        // 7. an end that was another
        var end = new Recorded.End(whole.ended().orElseThrow().at(), "made-up");
        var otherEnd = new Recorded(whole.information(), Optional.of(end), whole.clocks(), whole.batches());
        assertEquals(List.of("entry-unknown"), codes(checked(otherEnd)));
    }

    @Test
    void everyBitOfABatchAndItsSignatureCounts() {
        var signed = atA.next(false, line(Point.ACCESS_POINT, 1));
        var die = new SplittableRandom(5);
        for (int i = 0; i < 300; i++) {
            var bent = flipped(signed.batch(), die);
            assertThrows(Refusal.class, () -> new SignedBatch(bent, signed.signed()).open(world.validator));
            var other = new ChainSignature(
                    flipped(signed.signed().signature(), die), signed.signed().chain());
            assertThrows(Refusal.class, () -> new SignedBatch(signed.batch(), other).open(world.validator));
        }
        assertEquals(1, signed.open(world.validator).number());
    }

    @Test
    void aClockThatIsOffIsNamedAndSetRightAndSoIsWhatWasLost() {
        atA.clock = Optional.of(new TimeCheck(now(), Duration.ofSeconds(200), Duration.ofMillis(9), "ntp.test"));
        atB.clock = Optional.empty();
        atB.lost = 4;
        var early = line(Point.ACCESS_POINT, 900);
        var fast = new LogLine(
                connection, Point.ORIGIN, early.at().plusSeconds(200), "10.1.0.5", "10.2.0.9", "tcp", 443, 900);
        boxA.desk.log(atA.next(
                false,
                fast,
                new LogLine(connection, Point.ACCESS_POINT, fast.at(), "10.1.0.5", "10.2.0.9", "tcp", 443, 900)));
        boxB.desk.log(atB.next(false, line(Point.ACCESSED, 900)));
        world.centre.settle();
        var checked = checked(Recorded.all(world.desk(a), connection));
        assertEquals(List.of("clock-off", "clock-unknown", "log-lost"), codes(checked));
        assertEquals(1, checked.reconciled().agreed());
    }

    @Test
    void aCentreThatDiedBeforeTheLedgerHeardEntersItAfterItsNextStart() {
        world.ledger.away.set(true);
        var batch = atA.next(false, line(Point.ACCESS_POINT, 1));
        boxA.desk.log(batch);
        world.ledger.away.set(false);
        world.another().settle();
        assertTrue(world.ledger.entries().contains(decoded(batch).entry()));
    }

    private static Recorded with(Recorded whole, List<SignedBatch> others) {
        return new Recorded(whole.information(), whole.ended(), whole.clocks(), others);
    }

    /// In the first batch.
    private static Recorded change(Recorded whole, UnaryOperator<String> change) {
        var batches = new ArrayList<>(whole.batches());
        var first = batches.getFirst();
        var other = Bytes.utf8(change.apply(first.batch().asUtf8()));
        assertTrue(!other.equals(first.batch()));
        batches.set(0, new SignedBatch(other, first.signed()));
        return with(whole, batches);
    }

    private static Bytes flipped(Bytes bytes, SplittableRandom die) {
        var raw = bytes.toArray();
        raw[die.nextInt(raw.length)] ^= (byte) (1 << die.nextInt(8));
        return Bytes.of(raw);
    }
}
