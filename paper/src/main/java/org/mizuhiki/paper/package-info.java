/// PDF to print. Everything is text or lines; what the font lacks is shown as `〓`, never left out.
@NullMarked
@Room(
        purpose = "How does text become a page to print, in Japanese?",
        leansOn = {})
package org.mizuhiki.paper;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
