/// A router's hands: what its own side verified ([org.mizuhiki.vpn.Verdict.Good]) becomes a tunnel and what
/// may pass it, and is taken down without a trace. [Plan] is the pure translation, [Agent] does it. Nothing
/// here decides, and nothing here believes the centre: only a good verdict gets in.
@NullMarked
@Room(
        purpose = "How does what a router agreed to become a tunnel, and end?",
        leansOn = {"vpn", "ike"})
package org.mizuhiki.router;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
