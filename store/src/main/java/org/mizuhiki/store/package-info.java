/// Closed envelopes, who may fetch which, notices without content; and one of two shares by which passwords
/// are evaluated. Nothing that opens, no notion of content: may never lean on seal.
@NullMarked
@Room(
        purpose = "Where do closed envelopes lie, and who may fetch them?",
        leansOn = {"oprf", "wire", "database", "usage"})
package org.mizuhiki.store;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
