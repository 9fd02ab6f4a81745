/// What people see and touch. The pages themselves are in `src/main/web` (TypeScript): all content cryptography
/// happens there, in a worker; this package only hands them out, with the policy that they run under.
@NullMarked
@Room(
        purpose = "What does a person see and touch? The pages, and the policy that they run under",
        leansOn = {"wire"})
package org.mizuhiki.portal;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
