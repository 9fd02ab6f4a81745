package org.mizuhiki.javacard;

/// The card has no power: nothing runs, nothing is written. Not an exception of the Java Card API, so no
/// applet expects it.
public final class PowerLost extends Error {
    private static final long serialVersionUID = 1L;

    public PowerLost() {
        super("power lost", null, false, false);
    }
}
