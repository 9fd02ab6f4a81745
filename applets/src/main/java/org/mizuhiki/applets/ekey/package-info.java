/// The e-Key (seed 003, D.5 and D.8; table A.1): a device's chip with two tiers. Tier 1 is the device: its
/// identity, and who may bring services onto the chip. Tier 2 are slots, one per service, each its
/// provider's own.
@NullMarked
package org.mizuhiki.applets.ekey;

import org.jspecify.annotations.NullMarked;
