/// Accreditation root, CAs, enrolment, revocation, time stamps, key directory, validation.
@NullMarked
@Room(
        purpose = "Who is this, and who says so?",
        leansOn = {"seal", "ledger", "wire", "database", "usage"})
package org.mizuhiki.trust;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
