@NullMarked
package org.mizuhiki.account;

import org.jspecify.annotations.NullMarked;
