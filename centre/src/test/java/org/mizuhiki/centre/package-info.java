@NullMarked
package org.mizuhiki.centre;

import org.jspecify.annotations.NullMarked;
