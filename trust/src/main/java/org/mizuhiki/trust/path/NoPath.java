package org.mizuhiki.trust.path;

import java.time.Instant;
import java.util.Optional;

/// A path that does not hold. Names no person: only which certificate of the path, and a technical detail.
public final class NoPath extends Exception {
    /// Of a fault that belongs to no certificate of the path.
    public static final int NOWHERE = -1;

    private static final long serialVersionUID = 1L;

    private final Fault fault;
    private final int place;
    private final String detail;
    private final transient Optional<Instant> when;

    /// @param place 0 is the stranger's own certificate, 1 the CA above it, and so on
    /// @param detail an OID, an algorithm, a number; empty if there is nothing to add
    /// @param when the time that the fault is about, such as that of a revocation
    public NoPath(Fault fault, int place, String detail, Optional<Instant> when) {
        super(fault + " at " + place + " " + detail, null, false, false);
        this.fault = fault;
        this.place = place;
        this.detail = detail;
        this.when = when;
    }

    public static NoPath because(Fault fault) {
        return new NoPath(fault, NOWHERE, "", Optional.empty());
    }

    public static NoPath at(int place, Fault fault, String detail) {
        return new NoPath(fault, place, detail, Optional.empty());
    }

    public Fault fault() {
        return fault;
    }

    public int place() {
        return place;
    }

    public String detail() {
        return detail;
    }

    public Optional<Instant> when() {
        return when;
    }
}
