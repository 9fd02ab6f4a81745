/// Connectors, their bounds and their graceful end.
@NullMarked
package org.mizuhiki.wire.listen;

import org.jspecify.annotations.NullMarked;
