package org.mizuhiki.database;

import java.nio.file.Path;
import org.jdbi.v3.core.Handle;

/// A role's own database, opened and migrated by [Databases].
public interface Database extends AutoCloseable {
    /// Runs `work` in one transaction: committed and on disk when this returns, rolled back when it throws.
    /// A connection that breaks at the commit itself leaves the outcome open, so work must be safe to
    /// repeat.
    ///
    /// @throws org.mizuhiki.house.Refusal `database-away` when no connection can be had in about three
    /// seconds or it broke (nothing was acknowledged), `database-full` (nothing was written)
    <T> T inTransaction(Work<T> work);

    /// Runs one statement that only reads, as it stands committed now: without a transaction around it a
    /// look-up is one question to the server instead of three.
    ///
    /// @throws org.mizuhiki.house.Refusal `database-away`
    default <T> T reading(Work<T> work) {
        return inTransaction(work);
    }

    /// Runs one statement that writes, committed and on disk when this returns: one question to the server instead
    /// of two. For a statement that no other waits for crosswise: it is not repeated after a deadlock.
    ///
    /// @throws org.mizuhiki.house.Refusal as [#inTransaction]
    default <T> T inOneStatement(Work<T> work) {
        return inTransaction(work);
    }

    /// Whether a query can be answered now; for readiness.
    boolean ready();

    /// Writes all tables to `folder` (COPY, one file a table, and a manifest); consistent as of one moment.
    ///
    /// @throws org.mizuhiki.house.Refusal `backup-folder-not-empty`
    void backup(Path folder);

    /// Fills the empty, migrated database from a backup: all of it or nothing.
    ///
    /// @throws org.mizuhiki.house.Refusal `backup-broken`, `backup-other-version`, `database-not-empty`
    void restore(Path folder);

    /// Stops the embedded server, if this is one.
    @Override
    void close();

    /// Something done with a connection inside one transaction.
    @FunctionalInterface
    interface Work<T> {
        T with(Handle rows);
    }
}
