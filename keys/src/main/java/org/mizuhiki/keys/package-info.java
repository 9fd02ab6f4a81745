/// The key server: holds the reader slots, releases one only to its authenticated reader, under consent,
/// after the disclosure is in the ledger. Holds no content.
@NullMarked
@Room(
        purpose = "Is this reader allowed the slot that opens this seal, now?",
        leansOn = {"seal", "ledger", "consent", "wire", "database"})
package org.mizuhiki.keys;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
