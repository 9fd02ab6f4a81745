/// How every process writes its log: one JSON object a line, without personal data.
@NullMarked
package org.mizuhiki.wire.log;

import org.jspecify.annotations.NullMarked;
