package org.mizuhiki.apps.demo;

import java.nio.file.Path;

/// How a region's servers are brought up: as processes of their own, or all in this one.
interface Launcher extends AutoCloseable {
    /// Starts the server of this configuration; returns at once or when it listens.
    void launch(String name, String role, Path config);

    @Override
    void close();
}
