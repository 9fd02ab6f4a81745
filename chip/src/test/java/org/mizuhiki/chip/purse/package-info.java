/// An applet for the tests of the card: a purse with two accounts that must agree.
@NullMarked
package org.mizuhiki.chip.purse;

import org.jspecify.annotations.NullMarked;
