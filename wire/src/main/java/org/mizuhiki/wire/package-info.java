/// The one piece of code by which every server listens and every caller calls.
@NullMarked
@Room(
        purpose = "How do servers and their callers speak? HTTP, mutual TLS, problems, limits",
        leansOn = {})
package org.mizuhiki.wire;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
