package org.mizuhiki.apps.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.command.Commands;
import org.mizuhiki.apps.command.Exit;
import org.mizuhiki.centre.RouterDesk.LogLine;
import org.mizuhiki.centre.RouterDesk.Point;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.State;
import org.mizuhiki.router.RefusedBatch;
import org.mizuhiki.wire.Json;
import org.mizuhiki.wire.TimeCheck;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The commands of an institution at its own access point, at a router's real door; what the router does
/// behind it is room router's.
@Tag("D9")
@SuppressWarnings("NullAway.Init")
class VpnSiteTest {
    private static final String CONNECTION = "0123456789abcdef0123456789abcdef";
    private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");

    @TempDir
    Path folder;

    private final Map<String, String> told = new ConcurrentHashMap<>();
    private OperatorDoor door;
    private Path config;

    @BeforeEach
    void open() throws Exception {
        config = folder.resolve("router.yaml");
        Files.writeString(config, "role: router\nfolder: r\n");
        var line = new RouterAnswers.Line(
                CONNECTION,
                "a",
                "b",
                "referral",
                List.of("10.1.0.0/24"),
                List.of("10.2.0.0/24"),
                NOW,
                NOW,
                Optional.of(State.Phase.UP),
                12,
                34);
        var off = new TimeCheck(NOW, Duration.ofSeconds(90), Duration.ZERO, "ntp.test");
        door = OperatorDoor.open(
                folder.resolve("r"),
                Map.of(
                        "live",
                        _ -> Json.write(List.of(line)).asUtf8(),
                        "state",
                        _ -> Json.write(new RouterAnswers.Self(
                                        Optional.of(off), 3, List.of(new RefusedBatch(CONNECTION, 2, "log-forked"))))
                                .asUtf8(),
                        "table",
                        _ -> Json.write(List.of(passing())).asUtf8(),
                        "cut",
                        asked -> {
                            if (!Asked.need(asked, "connection").equals(CONNECTION)) {
                                throw Refusal.of("connection-unknown", "ありません", "no such connection");
                            }
                            told.put("cut", CONNECTION);
                            return "";
                        },
                        "hand-in",
                        asked -> {
                            told.put("lines", Asked.need(asked, "lines"));
                            return "";
                        }));
    }

    private static LogLine passing() {
        return new LogLine(CONNECTION, Point.ACCESS_POINT, NOW, "10.1.0.5", "10.2.0.9", "tcp", 443, 77);
    }

    @AfterEach
    void close() {
        door.close();
    }

    @Command(name = "mizuhiki")
    static final class Root {}

    private record Run(int exit, String out, String err) {}

    private Run run(String... words) {
        var all = new java.util.ArrayList<>(List.of(words));
        all.addAll(List.of("--config", config.toString()));
        var out = new StringWriter();
        var err = new StringWriter();
        var line = new CommandLine(new Root());
        Commands.all().forEach(line::addSubcommand);
        Exit.prepare(line).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return new Run(line.execute(all.toArray(String[]::new)), out.toString(), err.toString());
    }

    @Test
    void whatRunsAndWhatPassesIsSeenWithTheClockThatIsOff() {
        var live = run("vpn", "live");
        assertEquals(0, live.exit());
        assertTrue(live.out().contains(CONNECTION) && live.out().contains("UP"), live::out);
        assertTrue(live.err().contains("+90.000 s") && live.err().contains("OFF"), live::err);
        assertTrue(run("vpn", "table").out().contains("10.1.0.5 → 10.2.0.9  tcp/443  77 B"));
    }

    @Test
    void aConnectionIsCutAndOneThatDoesNotRunIsRefused() {
        assertEquals(0, run("vpn", "cut", CONNECTION).exit());
        assertEquals(CONNECTION, told.get("cut"));
        assertEquals(1, run("vpn", "cut", "f".repeat(32)).exit());
    }

    @Test
    void whatASystemOfTheSiteSawIsHandedToTheRouter() throws Exception {
        var line = new LogLine(CONNECTION, Point.ORIGIN, NOW, "10.1.0.5", "10.2.0.9", "tcp", 443, 77);
        var file = folder.resolve("seen.json");
        Files.write(file, Json.write(List.of(line)).toArray());
        assertEquals(0, run("vpn", "hand-in", CONNECTION, file.toString()).exit());
        assertEquals(Json.write(List.of(line)).asUtf8(), told.get("lines"));
    }
}
