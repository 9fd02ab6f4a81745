@NullMarked
package org.mizuhiki.keys;

import org.jspecify.annotations.NullMarked;
