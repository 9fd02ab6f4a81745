/// Closed envelopes, who may fetch which, notices without content. No keys, no notion of content: may never
/// lean on seal.
@NullMarked
@Room(
        purpose = "Where do closed envelopes lie, and who may fetch them?",
        leansOn = {"wire", "database"})
package org.mizuhiki.store;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
