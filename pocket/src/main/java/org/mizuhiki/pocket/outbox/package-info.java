/// What was prepared and sealed, and is pushed step by step until every server has it, exactly once.
@NullMarked
package org.mizuhiki.pocket.outbox;

import org.jspecify.annotations.NullMarked;
