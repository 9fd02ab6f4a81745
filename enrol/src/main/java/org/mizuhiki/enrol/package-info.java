/// Enrolment protocols of the world outside, over the authority's own doors: nothing is decided here about
/// who somebody is.
@NullMarked
@Room(
        purpose = "May an ordinary client fetch and renew its certificate?",
        leansOn = {"wire", "database", "trust"})
package org.mizuhiki.enrol;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
