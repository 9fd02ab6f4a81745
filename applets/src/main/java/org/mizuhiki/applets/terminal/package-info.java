/// The element in an eligibility terminal (seed 004): it stamps with its counters, speaks for its
/// institution to cards once it is opened, and binds what it said to what the card says.
@NullMarked
package org.mizuhiki.applets.terminal;

import org.jspecify.annotations.NullMarked;
