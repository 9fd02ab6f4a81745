package org.mizuhiki.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.Charon;
import org.mizuhiki.ike.Esp;
import org.mizuhiki.ike.Happening;
import org.mizuhiki.ike.State;
import org.mizuhiki.ike.Tunnel;

/// The engine's life and its controller's are apart.
class CharonTest {
    @Test
    @Tag("D2")
    void theEngineOutlivesItsControllerAndIsAdoptedWithItsTunnels() throws Exception {
        try (var country = Country.of("b", "a")) {
            country.connect("b", "a");
            var setup = setup(country);
            // 1. another controller, as after a crash of the first
            var adopted = Charon.run(setup);
            assertEquals(country.router("b").charon().pid(), adopted.pid());
            try (var engine = adopted.engine()) {
                assertEquals(State.Phase.UP, engine.state("b-a").orElseThrow().phase());
                // 2. the first still hears of what the second does
                var heard = new LinkedBlockingQueue<Happening>();
                country.router("b").engine().listen(heard::add);
                engine.terminate("b-a");
                assertEquals(new Happening.Down("b-a"), heard.poll(5, TimeUnit.SECONDS));
                engine.initiate("b-a", Country.SOON);
                assertEquals(new Happening.Up("b-a"), heard.poll(5, TimeUnit.SECONDS));
                // 3. the engine dies: both are told, and the next start is a new one
                ProcessHandle.of(adopted.pid()).orElseThrow().destroyForcibly();
                assertEquals(new Happening.EngineAway(), heard.poll(5, TimeUnit.SECONDS));
                assertEquals(
                        "engine-away",
                        assertThrows(Refusal.class, engine::states).code());
            }
            adopted.onExit().join();
            try (var next = Charon.run(setup);
                    var engine = next.engine()) {
                assertNotEquals(adopted.pid(), next.pid());
                assertEquals(List.of(), engine.loaded());
            }
        }
    }

    @Test
    @Tag("N6")
    void aPartnersProgramThatDiesDuringARenewalLosesNoPacketAndTheNextOneEndsIt() throws Exception {
        try (var country = Country.of("b", "a")) {
            country.connect("b", "a");
            country.open("b", "a", 5000);
            var a = country.router("a");
            var b = country.router("b");
            a.engine().close();
            try (var _ = country.host("a").echo(5000);
                    var stream = country.host("b").stream(country.address("a"), 5000, Duration.ofMillis(10))) {
                TunnelTest.until(() -> stream.received() > 20);
                // 1. the side that is asked is ready, and its program is gone
                Tunnel next;
                try (var dying = a.charon().engine();
                        var ppk = Country.ppk()) {
                    next = a.tunnel("b-a", b, country.authority, Optional.empty(), Optional.of("next"));
                    dying.loadPpk("next", ppk);
                    dying.load(next);
                    b.engine().loadPpk("next", ppk);
                }
                // 2. the other renews: what comes from there goes on by the old association
                var at = Optional.of(country.lab.address(country.lab.site("a")));
                var renewing = CompletableFuture.supplyAsync(() ->
                        b.engine().renew(b.tunnel("b-a", a, country.authority, at, Optional.of("next")), Country.SOON));
                TunnelTest.until(() -> b.engine().states().size() == 2);
                int then = stream.received();
                TunnelTest.until(() -> stream.received() > then + 100);
                // 3. until the program is back
                try (var back = a.charon().engine()) {
                    back.adopt(next);
                    assertEquals(
                            State.Phase.UP, renewing.get(60, TimeUnit.SECONDS).phase());
                    int last = stream.received();
                    TunnelTest.until(() -> stream.received() > last + 20);
                    assertEquals(0, stream.lost(), "of " + stream.sent());
                    assertEquals(1, back.states().size());
                }
            }
        }
    }

    @Test
    void aNumberOfAProcessThatIsAnothersByNowIsLeftAlone() throws Exception {
        try (var country = Country.of("b")) {
            var router = country.router("b");
            router.charon().close();
            var stranger = new ProcessBuilder("sleep", "60").start();
            try {
                Files.writeString(country.lab.folder().resolve("b/pid"), Long.toString(stranger.pid()));
                try (var charon = Charon.run(setup(country))) {
                    assertNotEquals(stranger.pid(), charon.pid());
                }
                assertTrue(stranger.isAlive());
            } finally {
                stranger.destroyForcibly();
            }
        }
    }

    private static Charon.Setup setup(Country country) {
        var space = country.lab.router(country.lab.site("b"));
        return new Charon.Setup(country.lab.folder().resolve("b"), space, Esp.detect(space), Map.of(), Map.of());
    }

    @Test
    void whatIsTakenDownTwiceIsDown() {
        try (var country = Country.of("b", "a")) {
            var engine = country.router("b").engine();
            country.connect("b", "a");
            assertEquals(
                    country.router("b").engine().state("b-a").orElseThrow().generation(),
                    engine.initiate("b-a", Country.SOON).generation(),
                    "what is up stays as it is");
            engine.terminate("b-a");
            engine.terminate("b-a");
            assertEquals(Optional.empty(), engine.state("b-a"));
            assertEquals(
                    "engine-refused",
                    assertThrows(Refusal.class, () -> engine.initiate("no-such", Country.SOON))
                            .code());
        }
    }
}
