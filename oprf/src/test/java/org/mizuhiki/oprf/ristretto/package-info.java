@NullMarked
package org.mizuhiki.oprf.ristretto;

import org.jspecify.annotations.NullMarked;
