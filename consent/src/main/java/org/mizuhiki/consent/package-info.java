/// Signed, stamped, logged statements and the pure decision that follows from them.
@NullMarked
@Room(
        purpose = "May this person open this, until when, and who said so?",
        leansOn = {"seal", "ledger", "trust"})
package org.mizuhiki.consent;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
