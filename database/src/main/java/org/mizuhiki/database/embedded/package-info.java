/// PostgreSQL as a child of this process: unpacked, initialised, started, watched, adopted again after a
/// crash.
///
/// On disk under a database's folder: `data` (PostgreSQL's own, of the unprivileged user), `password`
/// (0600), `postgres.log` (no statements, no values), `lock` (held while a process uses the folder).
@NullMarked
package org.mizuhiki.database.embedded;

import org.jspecify.annotations.NullMarked;
