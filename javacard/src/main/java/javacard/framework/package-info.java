/// Java Card 3.0.5, `javacard.framework`: the subset that the applets of the house use.
@NullMarked
package javacard.framework;

import org.jspecify.annotations.NullMarked;
