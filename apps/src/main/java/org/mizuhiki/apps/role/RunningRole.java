package org.mizuhiki.apps.role;

import java.net.URI;

/// A server that listens; closing it stops it gracefully.
public interface RunningRole extends AutoCloseable {
    URI uri();

    @Override
    void close();
}
