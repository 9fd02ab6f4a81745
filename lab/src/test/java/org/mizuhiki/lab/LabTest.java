package org.mizuhiki.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.NetworkSpace;

class LabTest {
    private static final InetAddress CENTRE = InetAddress.ofLiteral("198.51.100.10");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @Test
    @Tag("N9")
    void theSeedsNetworkIsBuiltAndNothingOfItIsLeft() throws Exception {
        Country.requireTunnels();
        var before = namespaces();
        try (var lab = Lab.up(folder.resolve("lab"), Lab.SEED, Country.DIE)) {
            // a host, two routers and perhaps a NAT on the way: no way between private networks, but to the
            // Internet
            var b = new Host(lab.host(lab.site("b")));
            try (var _ = new Host(lab.host(lab.site("c"))).echo(7);
                    var _ = new Host(lab.centre()).echo(7)) {
                assertFalse(b.reachesAtOnce(lab.site("c").network().host(2), 7));
                assertTrue(new Host(lab.router(lab.site("e"))).reaches(CENTRE, 7));
            }
        }
        assertEquals(before, namespaces());
        assertFalse(Files.exists(folder.resolve("lab")));
    }

    @Test
    @Tag("N9")
    void theSeedsFirstPictureStandsWhenItsMakerIsGone() throws Exception {
        Country.requireTunnels();
        try (var lab = Lab.up(Files.createTempDirectory("mz"), Lab.SEED, Country.DIE)) {
            SeedNetwork.connect(lab, Country.DIE);
            assertEquals(List.of("b-a", "b-c", "d-b", "e-b"), lab.tunnels(lab.site("b")));
            assertEquals(List.of("e-b"), Lab.find(lab.folder()).tunnels(lab.site("e")));
            try (var _ = new Host(lab.host(lab.site("e"))).echo(5000)) {
                assertTrue(new Host(lab.host(lab.site("b"))).reaches(SeedNetwork.E_AS_SHOWN.host(2), 5000));
            }
        }
    }

    @Test
    void whatACrashLeftIsFoundAndCleared() throws Exception {
        Country.requireTunnels();
        var before = namespaces();
        var lab = Lab.up(folder.resolve("lab"), Lab.SEED.subList(0, 2), Country.DIE);
        var orphan = lab.router(lab.site("b")).command("sleep", "600").start();
        assertEquals("lab-is-up", code(() -> Lab.up(folder.resolve("lab"), Lab.SEED, Country.DIE)));
        NetworkSpace.OWN.run(
                "ip", "netns", "del", lab.host(lab.site("a")).name().orElseThrow()); // half gone
        Lab.find(folder.resolve("lab")).close();
        assertFalse(orphan.isAlive());
        assertEquals(before, namespaces());
        assertEquals("lab-is-down", code(() -> Lab.find(folder.resolve("lab"))));
    }

    @Test
    void aFolderWithOthersFilesIsNoLab() throws Exception {
        Country.requireTunnels();
        Files.writeString(folder.resolve("letter"), "mine");
        assertEquals("lab-folder-not-empty", code(() -> Lab.up(folder, Lab.SEED, Country.DIE)));
        Files.writeString(folder.resolve("lab.tsv"), "../../etc\n");
        assertEquals("lab-is-down", code(() -> Lab.find(folder)));
        assertTrue(Files.exists(folder.resolve("letter")));
    }

    @Test
    void aSlowAndLossyLineIsMadeWhereTheKernelCan() throws Exception {
        Country.requireTunnels();
        try (var lab = Lab.up(folder.resolve("lab"), Lab.SEED.subList(0, 1), Country.DIE)) {
            try {
                lab.worsen(lab.site("b"), 30, 0);
            } catch (Refusal e) {
                assumeTrue(false, "this kernel has no netem: skipped");
            }
            try (var _ = new Host(lab.centre()).echo(7);
                    var stream = new Host(lab.router(lab.site("b"))).stream(CENTRE, 7, Duration.ofMillis(10))) {
                TunnelTest.until(() -> stream.received() > 5);
                assertTrue(stream.sent() - stream.received() > 2, "60 ms are under way");
            }
        }
    }

    private static String code(Executable what) {
        return assertThrows(Refusal.class, what).code();
    }

    private static List<String> namespaces() {
        return NetworkSpace.OWN
                .run("ip", "netns", "list")
                .lines()
                .filter(l -> l.startsWith("mz-"))
                .sorted()
                .toList();
    }
}
