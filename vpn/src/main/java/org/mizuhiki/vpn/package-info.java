/// Tunnels exist only where both ends want them. A subscriber signs a [SubscriberPolicy] for each router;
/// the provider signs the [UniformPolicy] for all and a [Membership] for each router of a group.
/// [Deciding] is the pure answer to one [Request]; what follows from a yes is one
/// [ConnectionInformation], signed by the centre and verified by each router against its own side's policy
/// ([RouterSide]): a centre that lies connects nobody.
@NullMarked
@Room(
        purpose = "Who may tunnel to whom, for what, until when, and who said so?",
        leansOn = {"seal", "ledger", "trust", "wire"})
package org.mizuhiki.vpn;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
