package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.wire.Json;

/// The stories of the VPN with real servers, real routers and real tunnels, each a process of its own.
@Tag("N2")
@Tag("N3")
@Tag("N9")
@Tag("D2")
@Tag("D4")
@Tag("D9")
@Tag("D10")
@Tag("B6")
class VpnStoryTest {
    private static final List<String> ON_DEMAND = List.of(
            "registration",
            "policies",
            "first-boot",
            "routers-up",
            "one-clock",
            "b-a",
            "b-c",
            "b-d",
            "b-e",
            "c-d",
            "c-e",
            "undisturbed",
            "drops-out",
            "change-of-partner",
            "records",
            "refusal",
            "cut-without-centre",
            "revocation");

    private static final List<String> MAINTENANCE = List.of(
            "without-contract",
            "one-signature",
            "other-protocol",
            "not-named",
            "not-signed",
            "outside-window",
            "connected",
            "one-machine",
            "by-hand",
            "again",
            "windows-taken-back",
            "window-over");

    @TempDir
    Path folder;

    @Test
    void fiveSitesConnectOnDemandAndOnlyAsBothSidesWantAlsoForMaintenance() throws Exception {
        var missing = Country.missing();
        assumeTrue(missing.isEmpty(), () -> "no tunnels here: skipped (" + missing.orElse("") + ")");
        var region = Files.createDirectory(folder.resolve("region"));
        var json = folder.resolve("out.json");
        try (var country = Country.up(folder.resolve("lab"), Played.DIE);
                var processes = new Processes();
                var played = Played.asProcesses(region, processes, Optional.of(country));
                var staff = new Staff(played.machine.place(), played.casting, Played.CLOCK, Played.DIE)) {
            var telling = Played.quietly(Optional.of(json));
            var registered = new RegistrationStory(
                            telling, played.machine.place(), played.cast, Played.CLOCK, Played.DIE)
                    .tell(staff);
            var sites = new Sites(
                    country, processes, played.machine, staff, registered.parties(), Played.CLOCK, Played.DIE);
            new VpnStory(telling, sites).tell();
            new MaintenanceStory(telling, sites).tell();
            new SessionStory(telling, sites).tell();
            assertTrue(telling.allHeld());
        }
        var steps = new HashMap<String, List<String>>();
        for (var line : Files.readAllLines(json)) {
            var told = Json.read(Bytes.utf8(line), Telling.Line.class);
            assertTrue(told.ok(), line);
            steps.computeIfAbsent(told.story(), _ -> new ArrayList<>()).add(told.step());
        }
        assertEquals(ON_DEMAND, steps.get(VpnStory.NAME));
        assertEquals(MAINTENANCE, steps.get(MaintenanceStory.NAME));
        assertEquals(List.of("open", "join", "leave", "end"), steps.get(SessionStory.NAME));
    }
}
