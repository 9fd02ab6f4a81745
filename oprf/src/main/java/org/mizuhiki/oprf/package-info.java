/// ristretto255 (RFC 9496), oblivious evaluation with a key in two shares (RFC 9497), OPAQUE (RFC 9807).
/// No network, no rows, no names of people.
@NullMarked
@Room(
        purpose = "Is it a blinded guess?",
        leansOn = {})
package org.mizuhiki.oprf;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
