/// Applets for a chip, in Java Card 3.0.5 (classic) only: they run on the card of room `chip` and, converted,
/// on hardware. They see nothing of the house but the API of room `javacard`. Each sub-package is a package
/// of Java Card and becomes one CAP file.
@NullMarked
@Room(
        purpose = "What runs inside the chip?",
        leansOn = {})
package org.mizuhiki.applets;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
