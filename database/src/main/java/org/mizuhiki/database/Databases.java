package org.mizuhiki.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.mizuhiki.database.embedded.Cluster;
import org.mizuhiki.house.Refusal;
import org.postgresql.ds.PGSimpleDataSource;

/// Opens databases.
public final class Databases {
    private Databases() {}

    /// Opens a role's database, starting or adopting the embedded server if no URL is configured, and
    /// brings its tables to the newest version.
    ///
    /// @param migrations class path folder with Flyway scripts, such as `db/store`
    /// @param die makes the embedded server's password
    /// @throws Refusal `database-away`, `database-in-use`, `database-config`, `database-start`,
    /// `database-migration`
    public static Database open(DatabaseConfig config, String migrations, SecureRandom die) {
        if (config.connections() < 1 || config.connections() > Cluster.MOST_CLIENTS) {
            throw Refusal.of(
                    "database-config",
                    "データベースの接続数は1から" + Cluster.MOST_CLIENTS + "の範囲で設定してください",
                    "The number of database connections must be 1 to " + Cluster.MOST_CLIENTS);
        }
        return config.url().isPresent() ? operators(config, migrations) : embedded(config, migrations, die);
    }

    /// Stops the embedded server that a killed process left in this folder; nothing happens when none runs.
    ///
    /// @throws Refusal `database-in-use` by a process that lives
    public static void stopLeft(Path folder) {
        Cluster.stopLeft(folder);
    }

    private static Database embedded(DatabaseConfig config, String migrations, SecureRandom die) {
        var cluster = Cluster.start(config.folder(), config.binaries(), die);
        try {
            return PooledDatabase.open(cluster.source(), config.connections(), migrations, cluster::close);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static Database operators(DatabaseConfig config, String migrations) {
        var source = new PGSimpleDataSource();
        try {
            source.setUrl(config.url().orElseThrow());
        } catch (IllegalArgumentException e) {
            throw Refusal.of(
                    "database-config",
                    "データベースのURLが正しくありません。例: jdbc:postgresql://host:5432/name",
                    "The database URL is malformed; its form is jdbc:postgresql://host:5432/name");
        }
        config.user().ifPresent(source::setUser);
        config.passwordFile().map(Databases::password).ifPresent(source::setPassword);
        return PooledDatabase.open(source, config.connections(), migrations, () -> {});
    }

    private static String password(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw Refusal.of(
                    "database-config", "データベースのパスワードファイルを読めません", "The database's password file cannot be read", e);
        }
    }
}
