/// Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature) and the keys that
/// sign them.
@NullMarked
package org.mizuhiki.ledger.note;

import org.jspecify.annotations.NullMarked;
