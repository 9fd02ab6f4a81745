/// A library, in the sense of Java Card: no applet, only what several packages need.
@NullMarked
package org.mizuhiki.applets.curve;

import org.jspecify.annotations.NullMarked;
