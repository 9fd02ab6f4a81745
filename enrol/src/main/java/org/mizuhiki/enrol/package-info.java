/// Enrolment protocols of the world outside, over the authority's own doors: nothing is decided here about
/// who somebody is. [EstRoutes] and [Acme] serve ordinary clients; [SlotCertificate] is the client of devices,
/// whose keys lie in a chip.
@NullMarked
@Room(
        purpose = "May an ordinary client fetch and renew its certificate?",
        leansOn = {"wire", "database", "trust", "chip", "devices"})
package org.mizuhiki.enrol;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
