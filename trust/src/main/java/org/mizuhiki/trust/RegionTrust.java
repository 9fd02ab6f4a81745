package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.util.List;
import org.mizuhiki.ledger.LogKeys;

/// What every device and server of a region is given once, out of band, and pins: the roots, the log's
/// keys, where
/// the authority is.
public record RegionTrust(String region, List<X509Certificate> roots, LogKeys log) {
    public RegionTrust {
        roots = List.copyOf(roots);
    }
}
