package org.mizuhiki.wire.listen;

import java.time.Duration;

/// What connections may take.
///
/// @param headerBytes of one request
/// @param idle after which a silent connection, and one with unfinished headers, is closed
public record Bounds(int connections, int headerBytes, Duration idle) {}
