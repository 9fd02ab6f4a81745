@NullMarked
package org.mizuhiki.oprf;

import org.jspecify.annotations.NullMarked;
