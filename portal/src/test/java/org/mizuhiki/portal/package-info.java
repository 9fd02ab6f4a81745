@NullMarked
package org.mizuhiki.portal;

import org.jspecify.annotations.NullMarked;
