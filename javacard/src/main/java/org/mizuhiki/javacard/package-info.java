/// The Java Card API (subset of 3.0.5 that the applets of the house use) in the packages `javacard.*` and
/// `javacardx.*`, over JCA, and in this package what stands behind it: the [Machine] that runs an applet and
/// the [Memory] of one card. Applets see `javacard.*` and `javacardx.*` only; what a card is otherwise made
/// of is the business of the room `chip`.
@NullMarked
@Room(
        purpose = "What may an applet call?",
        leansOn = {})
package org.mizuhiki.javacard;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
