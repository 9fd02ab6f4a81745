package org.mizuhiki.apps.demo;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Refusal;

/// A day's connections at the seed's five sites, one after the other.
public final class ConnectDay implements AutoCloseable {
    private final List<AutoCloseable> open = new ArrayList<>();
    private final OnDemand demand;
    private final Sites sites;

    private ConnectDay(Path folder, Clock clock, SecureRandom die) throws Exception {
        var country = Country.up(folder.resolve("lab"), die);
        open.add(country);
        var processes = new Processes();
        open.add(processes);
        var launcher = new ProcessLauncher(processes, folder.resolve("logs"), Optional.of(country));
        var machine = OneMachine.start(folder, launcher, clock, die);
        var casting = new Casting(machine.place(), clock, die);
        open.add(casting);
        var staff = new Staff(machine.place(), casting, clock, die);
        open.add(staff);
        var silent = new Telling(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), Optional.empty());
        var registered = new RegistrationStory(silent, machine.place(), casting.all(), clock, die).tell(staff);
        sites = new Sites(country, processes, machine, staff, registered.parties(), clock, die);
        demand = new OnDemand(sites);
        sites.register();
        demand.policies();
        sites.firstBoot();
        open.addAll(demand.start());
    }

    /// @param folder empty, with a short path
    /// @throws Refusal `tunnels-impossible`
    public static ConnectDay open(Path folder, Clock clock, SecureRandom die) throws Exception {
        var missing = Country.missing();
        if (missing.isPresent()) {
            throw Refusal.of(
                    "tunnels-impossible", "ここではVPNを作れません: " + missing.get(), "No tunnels here: " + missing.get());
        }
        return new ConnectDay(folder, clock, die);
    }

    /// Connects B to A and ends it, so many times.
    ///
    /// @return from each request to the first packet through
    public List<Duration> connect(int times) throws Exception {
        var all = new ArrayList<Duration>();
        for (int i = 0; i < times; i++) {
            var connected = demand.connect("b", "a", Optional.empty());
            all.add(connected.firstPacket());
            demand.desk("b").end(connected.connection());
            OnDemand.await(() -> demand.live("b").isEmpty() && demand.live("a").isEmpty(), "it ended");
        }
        return all;
    }

    /// B has a tunnel to each of the others from now on.
    public void connectAll() throws Exception {
        for (var partner : List.of("a", "c", "d", "e")) {
            demand.connect("b", partner, Optional.empty());
        }
    }

    /// B has none from now on.
    public void endAll() throws Exception {
        for (var line : demand.live("b")) {
            demand.desk("b").end(line.connection());
        }
        OnDemand.await(
                () -> {
                    for (var site : sites.names()) {
                        if (!demand.live(site).isEmpty()) {
                            return false;
                        }
                    }
                    return true;
                },
                "all ended");
    }

    /// What B's router occupies: our program, and strongSwan's engine beside it.
    public Map<String, Memory.Seen> memory() throws Exception {
        var engine = Long.parseLong(
                Files.readString(sites.folder("b").resolve("engine/pid")).strip());
        return Map.of(
                "program", Memory.seen(sites.processes.pid("router-b")),
                "engine", Memory.seen(engine));
    }

    @Override
    public void close() {
        for (var one : open.reversed()) {
            try {
                one.close();
            } catch (Exception e) { // the others must not stay open for it
                System.err.println("closing: " + e);
            }
        }
    }
}
