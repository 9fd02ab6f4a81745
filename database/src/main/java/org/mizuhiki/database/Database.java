package org.mizuhiki.database;

import java.nio.file.Path;
import org.jdbi.v3.core.Handle;

/// A role's own database, opened and migrated.
public interface Database extends AutoCloseable {
    /// @throws org.mizuhiki.house.Refusal `database-away` when no connection can be had in time; nothing was written
    /// then
    <T> T inTransaction(Work<T> work);

    /// Whether a query can be answered now; for readiness.
    boolean ready();

    /// Writes all tables to `folder` (COPY, one file a table, and a manifest); consistent as of one moment.
    void backup(Path folder);

    /// Fills the empty, migrated database from a backup.
    ///
    /// @throws org.mizuhiki.house.Refusal `backup-broken`, `database-not-empty`
    void restore(Path folder);

    @Override
    void close();

    /// Something done with a connection inside one transaction.
    @FunctionalInterface
    interface Work<T> {
        T with(Handle rows);
    }
}
