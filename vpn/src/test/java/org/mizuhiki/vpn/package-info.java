@NullMarked
package org.mizuhiki.vpn;

import org.jspecify.annotations.NullMarked;
