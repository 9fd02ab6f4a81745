package org.mizuhiki.vpn;

import java.util.List;

/// A type of service of the seed as it can be offered at once (seed 003, 5.1; D15): zones, openings, mark and
/// terms are a beginning that the provider changes as it must.
///
/// @param ja what it is called
/// @param seed clause of seed 003
public record ServiceType(String ja, String en, String seed, Service service) {
    /// All, in the order of the seed.
    public static List<ServiceType> all() {
        return Resources.list("services", ServiceType.class);
    }
}
