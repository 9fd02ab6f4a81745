package org.mizuhiki.ike;

import java.time.Duration;
import java.util.List;

/// A tunnel as it is.
///
/// @param name      of the connection
/// @param phase     how far it has come
/// @param partner   the address at which the partner is now
/// @param ppk       a post-quantum pre-shared key went into its keys
/// @param networks  own that the partners agreed on in the end
/// @param bytesIn   payload that came out of it, since its keys were last renewed
/// @param bytesOut  payload that went in
/// @param age       since the partners proved themselves
/// @param generation changes when they do so anew
/// @param number     of the association, by which policies name it; 0 while there is none
public record State(
        String name,
        Phase phase,
        String partner,
        boolean ppk,
        List<String> networks,
        long bytesIn,
        long bytesOut,
        Duration age,
        long generation,
        long number) {
    public enum Phase {
        /// The partners speak, nothing passes yet.
        CONNECTING,
        /// Packets pass.
        UP,
        /// It is being taken down, or its traffic keys are gone.
        ENDING
    }
}
