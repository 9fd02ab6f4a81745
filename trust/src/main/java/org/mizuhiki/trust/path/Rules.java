package org.mizuhiki.trust.path;

import java.util.Set;

/// The inputs of RFC 5280, 6.1.1, beside path, time and anchor, and what we ask beyond it.
///
/// @param policies user-initial-policy-set; empty: any
/// @param explicitPolicy initial-explicit-policy
/// @param noMapping initial-policy-mapping-inhibit
/// @param noAnyPolicy initial-any-policy-inhibit
public record Rules(
        Set<String> policies,
        boolean explicitPolicy,
        boolean noMapping,
        boolean noAnyPolicy,
        Use use,
        Strength strength) {
    public Rules {
        policies = Set.copyOf(policies);
    }

    public static Rules of(Use use, Strength strength) {
        return new Rules(Set.of(), false, false, false, use, strength);
    }

    /// One of these policies must hold along the whole path, by mapping if need be.
    public Rules demanding(Set<String> those) {
        return new Rules(those, !those.isEmpty(), noMapping, noAnyPolicy, use, strength);
    }
}
