/// The card: loaders that keep applets apart, one memory, transactions, the image that outlives the process.
@NullMarked
package org.mizuhiki.chip.card;

import org.jspecify.annotations.NullMarked;
