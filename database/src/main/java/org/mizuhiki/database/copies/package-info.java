/// Backups: one COPY file a table and a manifest with digests.
@NullMarked
package org.mizuhiki.database.copies;

import org.jspecify.annotations.NullMarked;
