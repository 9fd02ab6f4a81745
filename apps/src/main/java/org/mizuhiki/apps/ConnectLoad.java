package org.mizuhiki.apps;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.mizuhiki.apps.demo.ConnectDay;

/// Measures connections on demand through a region with real routers; for `bench`.
public final class ConnectLoad {
    /// A router and a centre run for months; compiling is done in their first minutes.
    private static final int WARM = 40;

    private ConnectLoad() {}

    /// @param folder empty, with a short path: engines' sockets lie in it
    /// @return of each connection the time from its request to the first packet through
    public static List<Duration> measure(Path folder, int connections, Clock clock, SecureRandom die) throws Exception {
        try (var day = ConnectDay.open(folder, clock, die)) {
            day.connect(WARM);
            return day.connect(connections);
        }
    }
}
