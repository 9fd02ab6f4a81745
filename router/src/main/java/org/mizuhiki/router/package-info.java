/// A router at its site. Orders of the centre come over the standing channel ([Router]); each is checked
/// against papers that the own side and the provider signed ([Papers]), kept on disk ([Kept]), and only then
/// becomes a tunnel and what may pass it ([Agent], [Plan]). Nothing here decides, and nothing here believes
/// the centre: only a good verdict ([org.mizuhiki.vpn.Verdict.Good]) gets in.
@NullMarked
@Room(
        purpose = "How does what a router agreed to become a tunnel, and end?",
        leansOn = {"vpn", "ike", "centre", "seal", "trust", "wire"})
package org.mizuhiki.router;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
