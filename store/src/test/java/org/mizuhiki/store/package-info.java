@NullMarked
package org.mizuhiki.store;

import org.jspecify.annotations.NullMarked;
