/// The strict JSON binding behind the door's Json.
@NullMarked
package org.mizuhiki.wire.json;

import org.jspecify.annotations.NullMarked;
