package org.mizuhiki.apps.demo;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.ike.NetworkSpace;

/// Each server a process of its own, as in production.
///
/// @param country where the centre stands, so that routers find it over the Internet; if absent, it is
///     beside the others
record ProcessLauncher(Processes processes, Path logs, Optional<Country> country) implements Launcher {
    private static final int USUAL_HEAP = 96;
    private static final Map<String, Integer> HEAPS = Map.of("authority", 128, "edge", 320, "web", 64, "witness", 64);

    @Override
    public void chosen(Map<String, Integer> ports) throws Exception {
        if (country.isPresent()) {
            country.get().join(ports);
        }
    }

    @Override
    public String host(String name) {
        return isApart(name) ? "0.0.0.0" : "127.0.0.1";
    }

    @Override
    public Optional<String> time() {
        return country.flatMap(Country::time);
    }

    private boolean isApart(String name) {
        return country.isPresent() && name.equals("centre");
    }

    @Override
    public void launch(String name, String role, Path config) {
        var space = isApart(name) ? country.orElseThrow().lab().centre() : NetworkSpace.OWN;
        var command = Processes.command(
                space,
                Again.serverOptions(HEAPS.getOrDefault(role, USUAL_HEAP)),
                role,
                "--config",
                config.toString(),
                "--with-parent");
        processes.start(name, logs.resolve(name + ".log"), command);
    }

    @Override
    public void close() {
        processes.close();
    }
}
