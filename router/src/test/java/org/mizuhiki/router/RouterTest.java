package org.mizuhiki.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.centre.LogBatch;
import org.mizuhiki.centre.RouterDesk.LogLine;
import org.mizuhiki.centre.RouterDesk.Point;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ike.Charon;
import org.mizuhiki.ike.Esp;
import org.mizuhiki.lab.LabRouter;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.vpn.SignedInformation;

/// What a router does with an honest centre, and without any.
@Tag("N2")
@Tag("D2")
class RouterTest extends TwoRouters {
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
            assertFalse(pair.reachesAtOnce());
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
            await(pair::reaches); // a packet of the moment may be lost
        }
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
            assertFalse(pair.reachesAtOnce());
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
            assertFalse(pair.reachesAtOnce());
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

    /// A centre that says "forged" of what it does not like must not make the router throw its own copy away.
    @Test
    @Tag("D9")
    void whatTheCentreRefusesIsKeptAndNamedAndTheNextGoOn() throws Exception {
        try (var _ = pair.echo()) {
            deskE.refusing.putAll(Map.of(1L, "log-forged", 2L, "log-full"));
            connected();
            assertTrue(pair.reaches());
            await(() -> e.refusedRecords().equals(List.of(new RefusedBatch(Pair.CONNECTION, 1, "log-forged"))));
            e.cut(Pair.CONNECTION);
            await(() -> Files.exists(folder.resolve("e/records/" + Pair.CONNECTION + "/2.json")));
            assertEquals(List.of(), deskE.batches, "what is too much now is not overtaken");
            deskE.refusing.remove(2L);
            await(() -> deskE.batches.stream().anyMatch(b -> LogChain.batch(b).last()));
            assertEquals(2, LogChain.batch(deskE.batches.getFirst()).number());
            e.close();
            e = router(pair.e, deskE);
            assertEquals(List.of(new RefusedBatch(Pair.CONNECTION, 1, "log-forged")), e.refusedRecords());
            assertTrue(Files.exists(folder.resolve("e/records/" + Pair.CONNECTION + "/1.log-forged.json")));
            assertTrue(Files.exists(folder.resolve("e/records/" + Pair.CONNECTION + "/2.taken.json")));
        }
    }

    @Test
    @Tag("D9")
    void whoSpokeWithWhomIsSignedByBothAccessPointsToTheLastBatchAlsoAfterTheCentreWasAwayAndTheProgramDied()
            throws Exception {
        try (var _ = pair.echo()) {
            connected();
            deskE.away = true;
            assertTrue(pair.reaches());
            await(() -> deskA.logged.stream().anyMatch(l -> l.source().equals("10.105.12.2") && l.port() == Pair.PORT));
            // noted while the centre is away, and handed in by the next run
            await(() -> Files.exists(folder.resolve("e/records/" + Pair.CONNECTION + "/1.json")));
            e.close();
            deskE.away = false;
            e = router(pair.e, deskE);
            await(() -> deskE.logged.stream()
                    .anyMatch(l -> l.source().equals("192.168.12.2")
                            && l.target().equals("10.101.12.2")
                            && l.protocol().equals("tcp")
                            && l.connection().equals(Pair.CONNECTION)));
            e.handIn(
                    Pair.CONNECTION,
                    List.of(new LogLine(
                            Pair.CONNECTION,
                            Point.ORIGIN,
                            Pair.NOW,
                            "192.168.12.2",
                            "10.101.12.2",
                            "tcp",
                            Pair.PORT,
                            9)));
            e.cut(Pair.CONNECTION);
            await(() -> deskE.batches.stream().anyMatch(b -> LogChain.batch(b).last()));
            assertTrue(deskE.logged.stream().anyMatch(l -> l.point() == Point.ORIGIN));
            var before = Optional.<LogBatch>empty();
            for (var signed : deskE.batches) {
                assertTrue(signed.signed().holds(LogBatch.FORM, signed.batch()));
                var batch = LogChain.batch(signed);
                assertEquals(before.map(LogBatch::id), batch.before());
                before = Optional.of(batch);
            }
        }
    }
}
