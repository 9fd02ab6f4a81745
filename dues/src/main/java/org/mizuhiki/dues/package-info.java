/// What a non-profit needs to run the region: accounts of institutions, plans, invoices, costs. It knows
/// institutions and numbers; no person stands in any row but as the contact that an institution named.
@NullMarked
@Room(
        purpose = "What does an institution use, and what does it owe?",
        leansOn = {"usage", "paper", "wire", "database"})
package org.mizuhiki.dues;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
