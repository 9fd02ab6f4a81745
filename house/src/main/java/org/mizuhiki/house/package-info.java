/// Words everybody uses. At most ten files: whatever only one room needs lives in that room.
@NullMarked
@Room(
        purpose = "Words everybody uses: bytes, secrets, names, refusals, canonical records",
        leansOn = {})
package org.mizuhiki.house;

import org.jspecify.annotations.NullMarked;
