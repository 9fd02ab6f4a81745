/// The key server: holds the reader slots, releases one only to its authenticated reader, under consent,
/// after the disclosure is in the ledger. Answers log-ins by password together with the store's shares.
/// Holds no content.
@NullMarked
@Room(
        purpose = "Is this reader allowed the slot that opens this seal, now?",
        leansOn = {"oprf", "seal", "chip", "ledger", "trust", "consent", "store", "wire", "database", "usage"})
package org.mizuhiki.keys;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
