package org.mizuhiki.store;

import java.time.Duration;

/// What one store bears.
///
/// @param blobBytes largest blob
/// @param unregisteredBytes what one person may have brought and not yet put into an envelope
/// @param orphansFor how long such blobs are kept
/// @param reserveBytes of the disk that are never filled
public record StoreLimits(long blobBytes, long unregisteredBytes, Duration orphansFor, long reserveBytes) {
    /// Objects of one envelope at most.
    public static final int MOST_OBJECTS = 1000;

    /// 8 GiB a blob, 32 GiB a person, 7 days, 64 MiB free.
    public static StoreLimits usual() {
        return new StoreLimits(8L << 30, 32L << 30, Duration.ofDays(7), 64L << 20);
    }
}
