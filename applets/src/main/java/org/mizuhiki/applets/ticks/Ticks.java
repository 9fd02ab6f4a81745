package org.mizuhiki.applets.ticks;

import javacard.framework.Shareable;

/// What a chip with a timer offers to the applets on it. Java Card 3.0.5 has no timer, so an applet that
/// wants one asks for this and does without where nobody answers.
public interface Ticks extends Shareable {
    /// Writes the number of ticks since power-on, 8 bytes, unsigned. It never goes back before the next
    /// reset.
    ///
    /// @param buffer the command buffer: no other array crosses the firewall
    /// @return where the number ends
    short read(byte[] buffer, short offset);
}
