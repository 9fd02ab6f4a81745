/// The element in an eligibility terminal (seed 004): date stamps with tick stamps. A chip without a clock
/// counts its stamps; the service's signed time and a time stamp over the count tie them to a date.
@NullMarked
package org.mizuhiki.applets.terminal;

import org.jspecify.annotations.NullMarked;
