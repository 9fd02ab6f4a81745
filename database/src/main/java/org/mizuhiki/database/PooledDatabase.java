package org.mizuhiki.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.mizuhiki.database.copies.Copies;
import org.mizuhiki.house.Refusal;
import org.postgresql.ds.PGSimpleDataSource;

/// A pool over any PostgreSQL; says `database-away` instead of whatever the driver throws.
final class PooledDatabase implements Database {
    private static final int PATIENCE_MS = 3000;
    private static final int ATTEMPTS = 6;

    /// Before the second attempt; twice as long before each one after.
    private static final int PAUSE_MS = 20;

    /// Two that waited for each other, of whom PostgreSQL undid one and asks to try it again (manual, 13.5).
    private static final Set<String> UNDONE = Set.of("40001", "40P01");

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final Runnable afterwards;

    private PooledDatabase(HikariDataSource pool, Runnable afterwards) {
        this.pool = pool;
        this.jdbi = Jdbi.create(pool).registerArrayType(String.class, "text");
        this.afterwards = afterwards;
    }

    static Database open(PGSimpleDataSource source, int connections, String migrations, Runnable afterwards) {
        source.setApplicationName("mizuhiki");
        source.setConnectTimeout(2);
        source.setLoginTimeout(3);
        source.setSocketTimeout(60);
        source.setTcpKeepAlive(true);
        var config = new HikariConfig();
        config.setDataSource(source);
        config.setPoolName("rows");
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(1);
        config.setIdleTimeout(60_000);
        config.setConnectionTimeout(PATIENCE_MS);
        config.setValidationTimeout(1000);
        config.setInitializationFailTimeout(-1);
        config.setAutoCommit(true);
        var pool = new HikariDataSource(config);
        var database = new PooledDatabase(pool, afterwards);
        try {
            database.inTransaction(rows -> rows.execute("select 1"));
            new Migrations(database.jdbi, pool, migrations).bringUp();
            return database;
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    @Override
    public <T> T inTransaction(Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return with(rows -> rows.inTransaction(work::with));
            } catch (JdbiException e) {
                if (attempt == ATTEMPTS || states(e).noneMatch(UNDONE::contains)) {
                    throw e;
                }
                letTheOtherFinish(attempt);
            }
        }
    }

    /// At once it would meet the same transaction again: that one may wait for the disk still.
    private static void letTheOtherFinish(int attempt) {
        try {
            Thread.sleep((long) PAUSE_MS << (attempt - 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the next wait of this thread ends
        }
    }

    private static Stream<String> states(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(t -> ((SQLException) t).getSQLState())
                .filter(Objects::nonNull);
    }

    @Override
    public <T> T reading(Work<T> work) {
        return with(work);
    }

    @Override
    public <T> T inOneStatement(Work<T> work) {
        return with(work);
    }

    private <T> T with(Work<T> work) {
        try (var rows = jdbi.open()) {
            return work.with(rows);
        } catch (ConnectionException e) {
            throw away(e);
        } catch (JdbiException e) {
            throw refusal(e).orElseThrow(() -> e);
        }
    }

    /// SQLSTATE classes: PostgreSQL manual, appendix A.
    private static Optional<Refusal> refusal(JdbiException e) {
        return states(e).flatMap(state -> refusal(state, e).stream()).findFirst();
    }

    private static Optional<Refusal> refusal(String state, JdbiException e) {
        if (state.startsWith("08") || state.startsWith("57P")) {
            return Optional.of(away(e));
        }
        if (state.equals("53100")) {
            return Optional.of(Refusal.of(
                    "database-full",
                    "データベースのディスクに空きがありません。管理者に連絡してください。データは保存されていません",
                    "The database's disk is full; nothing was kept, tell the operator",
                    e));
        }
        return Optional.empty();
    }

    private static Refusal away(Exception cause) {
        return Refusal.of(
                "database-away",
                "データベースに接続できません。しばらくしてからもう一度お試しください",
                "The database cannot be reached; nothing was acknowledged, try again in a while",
                cause);
    }

    @Override
    public boolean ready() {
        try (var connection = pool.getConnection()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void backup(Path folder) {
        inTransaction(rows -> done(() -> new Copies(rows).write(folder)));
    }

    @Override
    public void restore(Path folder) {
        inTransaction(rows -> done(() -> new Copies(rows).read(folder)));
    }

    private static boolean done(Runnable work) {
        work.run();
        return true;
    }

    @Override
    public void close() {
        pool.close();
        afterwards.run();
    }
}
