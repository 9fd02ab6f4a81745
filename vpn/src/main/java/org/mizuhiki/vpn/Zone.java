package org.mizuhiki.vpn;

/// Part of a site's network (seed 003, 3.1 and 3.2; ISO/TR 11636).
public enum Zone {
    /// Exchanges no data with the outside itself, some remote maintenance apart.
    HIGH_SECURE,
    SECURE,
    /// Exchanges data with the outside.
    DMZ
}
