/// Chips of devices as the region knows them: whose manufacturers it believes ([Makers]), what a chip must
/// show before a key in it is certified ([Origins]), and what its manager and the providers of its services
/// order over the net ([ChipOrders], [OrderErrand]).
@NullMarked
@Room(
        purpose = "Is a device's chip genuine, and what is to come onto it and go?",
        leansOn = {"trust", "chip", "wire", "database"})
package org.mizuhiki.devices;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
