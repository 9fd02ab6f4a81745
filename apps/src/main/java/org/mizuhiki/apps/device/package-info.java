/// A device of the network, such as a router, as far as its chip goes.
@NullMarked
package org.mizuhiki.apps.device;

import org.jspecify.annotations.NullMarked;
