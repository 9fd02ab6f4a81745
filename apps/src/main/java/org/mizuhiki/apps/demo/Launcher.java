package org.mizuhiki.apps.demo;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// How a region's servers are brought up: as processes of their own, or all in this one.
interface Launcher extends AutoCloseable {
    /// Which ports were chosen, by server, before the first is launched.
    default void chosen(Map<String, Integer> ports) throws Exception {}

    /// Address that a server is to bind.
    default String host(String name) {
        return "127.0.0.1";
    }

    /// A time server that the centre reaches.
    default Optional<String> time() {
        return Optional.empty();
    }

    /// Starts the server of this configuration; returns at once or when it listens.
    void launch(String name, String role, Path config);

    @Override
    void close();
}
