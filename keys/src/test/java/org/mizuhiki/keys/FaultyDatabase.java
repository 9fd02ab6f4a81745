package org.mizuhiki.keys;

import java.nio.file.Path;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Refusal;

/// Goes away before, or right after, its n-th transaction from now.
final class FaultyDatabase implements Database {
    private final Database real;
    private int left = Integer.MAX_VALUE;
    private boolean committed;

    FaultyDatabase(Database real) {
        this.real = real;
    }

    void failAt(int transaction, boolean afterCommit) {
        left = transaction;
        committed = afterCommit;
    }

    void heal() {
        left = Integer.MAX_VALUE;
    }

    @Override
    public <T> T inTransaction(Work<T> work) {
        left--;
        if (left < 0 || (left == 0 && !committed)) {
            throw away();
        }
        var result = real.inTransaction(work);
        if (left == 0) {
            throw away();
        }
        return result;
    }

    private static Refusal away() {
        return Refusal.of("database-away", "データベースに接続できません", "The database cannot be reached");
    }

    @Override
    public boolean ready() {
        return real.ready();
    }

    @Override
    public void backup(Path folder) {
        real.backup(folder);
    }

    @Override
    public void restore(Path folder) {
        real.restore(folder);
    }

    @Override
    public void close() {
        real.close();
    }
}
