/// An applet of another provider, which tries what it should not.
@NullMarked
package org.mizuhiki.chip.thief;

import org.jspecify.annotations.NullMarked;
