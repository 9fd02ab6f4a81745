/// The provider's control plane. It keeps what institutions signed, decides each wish by room `vpn`, signs
/// connection information and brings it to both routers over standing channels: a router asks for its orders
/// and is answered as soon as there is one; orders are numbered and kept until the router asks beyond them,
/// so that nothing is lost over a reconnect. It can refuse and cut, and connect only what both sides' policies
/// allow, as routers check everything by themselves.
///
/// In its database: declarations as signed, routers' places, requests, connections, orders, logs of traffic.
/// PPKs are sealed for the routers before they are stored and kept by nobody in the open.
@NullMarked
@Room(
        purpose = "Which routers connect now, and who tells them?",
        leansOn = {"seal", "ledger", "trust", "vpn", "wire", "database", "usage"})
package org.mizuhiki.centre;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
