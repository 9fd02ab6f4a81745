/// A library: the name under which applets know a timer, whatever chip it is on.
@NullMarked
package org.mizuhiki.applets.ticks;

import org.jspecify.annotations.NullMarked;
