/// An applet for the tests of the card: it does not come back.
@NullMarked
package org.mizuhiki.chip.endless;

import org.jspecify.annotations.NullMarked;
