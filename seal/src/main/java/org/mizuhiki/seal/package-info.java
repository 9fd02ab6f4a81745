/// CMS letters, segmented streams, reader slots, signed records, RFC 3161 stamps. No I/O beyond given
/// streams, no names of people.
@NullMarked
@Room(
        purpose = "Does it close or open bytes?",
        leansOn = {})
package org.mizuhiki.seal;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
