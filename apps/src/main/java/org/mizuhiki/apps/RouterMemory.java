package org.mizuhiki.apps;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mizuhiki.apps.demo.ConnectDay;

/// Measures what a router occupies at rest and at work; for `bench`.
public final class RouterMemory {
    /// Lists are looked at, channels stand, what starting needed is given back.
    private static final Duration REST = Duration.ofSeconds(60);

    private static final int CONNECTIONS = 40;

    /// What a process occupies, in KiB.
    ///
    /// @param resident all pages that it sees, also those of files and libraries that others share
    /// @param own those that nobody else can share
    public record Occupied(long resident, long own) {}

    private RouterMemory() {}

    /// @param folder empty, with a short path: engines' sockets lie in it
    /// @return by what the router did before
    public static Map<String, Map<String, Occupied>> measure(Path folder, Clock clock, SecureRandom die)
            throws Exception {
        try (var day = ConnectDay.open(folder, clock, die)) {
            var seen = new LinkedHashMap<String, Map<String, Occupied>>();
            Thread.sleep(REST);
            seen.put("at rest", occupied(day));
            day.connectAll();
            seen.put("with 4 tunnels", occupied(day));
            day.endAll();
            day.connect(CONNECTIONS);
            day.connectAll();
            seen.put("with 4 tunnels, after " + CONNECTIONS + " more", occupied(day));
            return seen;
        }
    }

    private static Map<String, Occupied> occupied(ConnectDay day) throws Exception {
        var all = new LinkedHashMap<String, Occupied>();
        day.memory().forEach((process, seen) -> all.put(process, new Occupied(seen.rss(), seen.own())));
        return all;
    }
}
