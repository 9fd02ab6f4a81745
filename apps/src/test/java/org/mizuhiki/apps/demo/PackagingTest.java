package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.role.RoleCommand;
import org.mizuhiki.apps.role.Serving;
import picocli.CommandLine;

/// The units of systemd say what the program understands, and leave a router what the demo's routers have.
@Tag("D16")
class PackagingTest {
    private static final Path FOLDER = Path.of("../packaging").toAbsolutePath().normalize();
    private static final String PROGRAM = "/opt/mizuhiki/mizuhiki ";
    private static final String ROUTER = "mizuhiki-router.service";
    private static final String FIRST_BOOT = "mizuhiki-router-first-boot.service";
    private static final String STICK = "mizuhiki-first-boot-stick.service";

    @TempDir
    Path folder;

    private static List<String> all(String unit, String setting) throws Exception {
        return Files.readAllLines(FOLDER.resolve(unit)).stream()
                .filter(l -> l.startsWith(setting + "="))
                .map(l -> l.substring(setting.length() + 1))
                .toList();
    }

    private static String[] words(String unit) throws Exception {
        return all(unit, "ExecStart").stream()
                .filter(l -> l.startsWith(PROGRAM))
                .findFirst()
                .map(l -> l.substring(PROGRAM.length()).split(" "))
                .orElseThrow();
    }

    @Test
    void theProgramUnderstandsHowItIsStarted() throws Exception {
        var serving = Serving.asked(words(ROUTER)).orElseThrow();
        var words = words(FIRST_BOOT);
        assertEquals("router", words[0]);
        var parsed = new CommandLine(new RoleCommand()).parseArgs(Arrays.copyOfRange(words, 1, words.length));
        assertEquals(serving.config(), parsed.matchedOptionValue("--config", Path.of("")));
        assertTrue(parsed.hasMatchedOption("--prepare"));
        assertEquals(List.of(serving.config().toString()), all(ROUTER, "ConditionPathExists"));
        // a wrong first stick is mended by another until the chip has shown itself
        var self = "!" + serving.config().resolveSibling("self");
        assertEquals(List.of(self), all(FIRST_BOOT, "ConditionPathExists"));
        assertEquals(List.of(self), all(STICK, "ConditionPathExists"));
        assertTrue(Files.isExecutable(FOLDER.resolve("mizuhiki-first-boot-stick")));
    }

    /// The demo's routers run with these capabilities and no others: what they can do, the unit's can.
    @Test
    void theUnitLeavesARouterWhatTheDemosRoutersHave() throws Exception {
        var demo = Arrays.stream(Sites.CONFINED.getLast().split(","))
                .filter(c -> c.startsWith("+"))
                .map(c -> "CAP_" + c.substring(1).toUpperCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
        for (var setting : List.of("CapabilityBoundingSet", "AmbientCapabilities")) {
            var unit = new TreeSet<>(List.of(all(ROUTER, setting).getFirst().split(" ")));
            assertEquals(demo, unit);
        }
        assertEquals(List.of("yes"), all(ROUTER, "NoNewPrivileges"));
        assertEquals(List.of("strict"), all(ROUTER, "ProtectSystem"));
        assertEquals(List.of("process"), all(ROUTER, "KillMode"), "tunnels outlive the program");
    }

    @Test
    void whoReadsTheStickMayNothingAndWhoMountsItReadsNothing() throws Exception {
        assertEquals(List.of(""), all(FIRST_BOOT, "CapabilityBoundingSet"));
        assertEquals(List.of("CAP_SYS_ADMIN"), all(STICK, "CapabilityBoundingSet"));
        assertEquals(List.of("yes"), all(STICK, "PrivateNetwork"));
        assertEquals(List.of(STICK), all(FIRST_BOOT, "Requires"));
        var folder = Path.of("/run").resolve(all(FIRST_BOOT, "RuntimeDirectory").getFirst());
        assertEquals(all(STICK, "RuntimeDirectory"), all(FIRST_BOOT, "RuntimeDirectory"));
        assertEquals(
                List.of("/opt/mizuhiki/packaging/mizuhiki-first-boot-stick /dev/disk/by-label/MIZUHIKI " + folder),
                all(STICK, "ExecStart"));
        assertTrue(List.of(words(FIRST_BOOT)).contains(folder.toString()));
    }

    @Test
    void systemdFindsNothingWrongWithThem() throws Exception {
        var analyze = Path.of("/usr/bin/systemd-analyze");
        assumeTrue(Files.isExecutable(analyze), "systemd-analyze is not here: skipped");
        var command = new ArrayList<>(List.of(analyze.toString(), "verify", "--man=no"));
        for (var unit : List.of(ROUTER, STICK, FIRST_BOOT)) {
            // its programs are where it will be installed, here they are elsewhere
            var text = Files.readString(FOLDER.resolve(unit))
                    .replace(
                            "/opt/mizuhiki",
                            FOLDER.resolveSibling(".").normalize().toString());
            command.add(Files.writeString(folder.resolve(unit), text).toString());
        }
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertEquals(List.of(), said.lines().filter(l -> l.contains("mizuhiki")).toList());
    }
}
