package org.mizuhiki.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.Charon;
import org.mizuhiki.ike.Esp;
import org.mizuhiki.ike.Happening;
import org.mizuhiki.ike.State;

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
