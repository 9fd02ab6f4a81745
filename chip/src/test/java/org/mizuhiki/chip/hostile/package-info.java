/// An applet that means harm to its card, to the services beside it and to the process that runs it.
@NullMarked
package org.mizuhiki.chip.hostile;

import org.jspecify.annotations.NullMarked;
