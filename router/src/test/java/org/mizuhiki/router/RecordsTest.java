package org.mizuhiki.router;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.centre.LogBatch;
import org.mizuhiki.centre.RouterDesk.LogLine;
import org.mizuhiki.centre.RouterDesk.Point;
import org.mizuhiki.centre.SignedBatch;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.ike.Conversation;
import org.mizuhiki.router.LogChain.Signing;
import org.mizuhiki.vpn.ChainSignature;

/// A connection's records on the router's disk: signed once and in order, whenever the program was killed.
@Tag("D9")
class RecordsTest {
    private static final String CONNECTION = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    static final Signing SIGNING = (number, before, lost, last, lines) -> new SignedBatch(
            new LogBatch(
                            LogBatch.FORM,
                            "r",
                            CONNECTION,
                            number,
                            before,
                            Pair.NOW,
                            Optional.empty(),
                            lost,
                            last,
                            "0".repeat(32),
                            lines)
                    .encode(),
            new ChainSignature(Bytes.utf8("taken as signed"), List.of(Bytes.utf8("by the router"))));

    static List<LogLine> lines(int many) {
        return LongStream.range(0, many)
                .mapToObj(n ->
                        new LogLine(CONNECTION, Point.ACCESS_POINT, Pair.NOW, "10.1.0.5", "10.2.0.9", "tcp", 443, n))
                .toList();
    }

    private static Conversation conversation(int from, long bytes) {
        return new Conversation(
                InetAddress.ofLiteral("10.1.0.5"), InetAddress.ofLiteral("10.2.0.9"), "tcp", from, 443, bytes);
    }

    private LogChain chain() {
        return new LogChain(folder.resolve(CONNECTION));
    }

    private static List<LogLine> signed(LogChain chain) {
        var all = new ArrayList<LogLine>();
        Optional<LogBatch> before = Optional.empty();
        for (var batch : chain.waiting().stream().map(LogChain::batch).toList()) {
            assertEquals(before.map(LogBatch::id), batch.before());
            assertEquals(before.map(LogBatch::number).orElse(0L) + 1, batch.number());
            all.addAll(batch.lines());
            before = Optional.of(batch);
        }
        return all;
    }

    @Test
    void whatWasNotedIsSignedInOrderAndOnceAlsoAfterAStartInBetween() {
        chain().note(lines(250), List.of(conversation(7, 12)), 10_000);
        var next = chain();
        assertEquals(250, next.unsigned());
        assertEquals(List.of(conversation(7, 12)), next.open());
        next.sign(false, SIGNING);
        assertEquals(lines(250), signed(chain()));
        assertEquals(3, chain().waitingCount());
        chain().sign(true, SIGNING);
        var closed = chain();
        assertTrue(closed.isClosed());
        assertTrue(LogChain.batch(closed.waiting().getLast()).last());
        for (long n = 1; n <= 4; n++) {
            closed.acknowledged(n);
        }
        assertEquals(4, chain().copies(), "what was signed stays");
        closed.finish(Pair.NOW);
        assertEquals(Optional.of(Pair.NOW), chain().finished());
        chain().forget();
        assertTrue(!Files.exists(folder.resolve(CONNECTION)));
    }

    /// The batch is on disk, the state is not yet: what is in both counts once.
    @Test
    void aProgramThatWasKilledBetweenBatchAndStateSignsNothingTwice() throws Exception {
        var chain = chain();
        chain.note(lines(120), List.of(), 10_000);
        var state = folder.resolve(CONNECTION).resolve("state.json");
        var before = Files.readAllBytes(state);
        chain.sign(false, SIGNING);
        Files.write(state, before);
        var next = chain();
        assertEquals(0, next.unsigned());
        next.note(lines(1), List.of(), 10_000);
        next.sign(true, SIGNING);
        assertEquals(121, signed(next).size());
    }

    @Test
    void whatTheCentreRefusesStaysWithItsReasonAndHoldsUpNothing() throws Exception {
        chain().note(lines(250), List.of(), 10_000);
        var chain = chain();
        chain.sign(false, SIGNING);
        var second = Files.readAllBytes(folder.resolve(CONNECTION + "/2.json"));
        chain.refused(2, "log-forked");
        chain.acknowledged(1);
        var next = chain();
        assertEquals(List.of(3L), next.waitingNumbers());
        assertEquals(Map.of(2L, "log-forked"), next.refused());
        assertArrayEquals(second, Files.readAllBytes(folder.resolve(CONNECTION + "/2.log-forked.json")));
        next.note(lines(1), List.of(), 10_000);
        next.sign(true, SIGNING);
        assertEquals(4, LogChain.batch(next.waiting().getLast()).number(), "no number is given twice");
        assertEquals(1, next.drop(9, true));
        assertEquals(Map.of(2L, "log-forked"), next.refused(), "what it took goes first");
        assertEquals(1, next.drop(9, false));
        assertEquals(0, chain().copies());
    }

    /// A state as an earlier version left it.
    @Test
    void aStateOfBeforeIsReadAndTheLastPlaceOfAFullChainClosesIt() throws Exception {
        Files.createDirectories(folder.resolve(CONNECTION));
        Files.writeString(
                folder.resolve(CONNECTION + "/state.json"),
                "{\"number\":9999,\"newest\":\"" + "0".repeat(64)
                        + "\",\"lost\":0,\"closed\":false,\"lines\":[],\"open\":[]}");
        var chain = chain();
        chain.note(lines(250), List.of(), 10_000);
        chain.sign(false, SIGNING);
        assertEquals(0, chain.waitingCount(), "the last place is kept free");
        assertEquals(0, chain.room(10_000));
        chain.sign(true, SIGNING);
        var last = LogChain.batch(chain.waiting().getFirst());
        assertEquals(10_000, last.number());
        assertTrue(last.last());
        assertEquals(150, last.lost());
    }

    @Test
    void whatFindsNoRoomIsCountedInTheNextBatch() {
        var chain = chain();
        chain.note(lines(30), List.of(), 20);
        chain().sign(false, SIGNING);
        var batch = LogChain.batch(chain().waiting().getFirst());
        assertEquals(20, batch.lines().size());
        assertEquals(10, batch.lost());
    }
}
