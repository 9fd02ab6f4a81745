/// Tunnels and what passes them, on one router. [Charon] is the process of strongSwan's IKEv2 daemon,
/// [Engine] the only speaker to it: a [Tunnel] is what is wanted, a [State] what is, a [Happening] what
/// changed. [PacketPolicy] says by nftables which [Passage] is open: nothing else enters or leaves the
/// site, and nothing goes from one tunnel into another.
///
/// IKE and ESP are strongSwan's; nothing of either is written here.
@NullMarked
@Room(
        purpose = "Is there a tunnel, and what may pass it?",
        leansOn = {})
package org.mizuhiki.ike;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
