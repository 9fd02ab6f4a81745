/// The write-ahead journal: what stands in it was acknowledged, or is about to be.
@NullMarked
package org.mizuhiki.ledger.journal;

import org.jspecify.annotations.NullMarked;
