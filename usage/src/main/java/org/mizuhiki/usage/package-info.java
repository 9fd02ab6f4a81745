/// Counts in the transaction of the deed itself, so that a number is never more nor less than what was
/// done. Institutions and months only: no person stands in any row.
@NullMarked
@Room(
        purpose = "How much did each institution use of this server, month by month?",
        leansOn = {"wire", "database"})
package org.mizuhiki.usage;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
