@NullMarked
package org.mizuhiki.registration;

import org.jspecify.annotations.NullMarked;
