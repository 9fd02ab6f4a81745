@NullMarked
package org.mizuhiki.consent;

import org.jspecify.annotations.NullMarked;
