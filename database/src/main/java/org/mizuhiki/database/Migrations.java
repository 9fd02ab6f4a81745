package org.mizuhiki.database;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.mizuhiki.house.Refusal;

/// Brings the tables to the newest version with Flyway.
final class Migrations {
    private final DataSource source;
    private final String location;

    Migrations(DataSource source, String location) {
        this.source = source;
        this.location = location;
    }

    void bringUp() {
        try {
            Flyway.configure(Migrations.class.getClassLoader())
                    .dataSource(source)
                    .locations("classpath:" + location)
                    .failOnMissingLocations(true)
                    .cleanDisabled(true)
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw Refusal.of(
                    "database-migration",
                    "データベースの更新に失敗しました。ログを管理者に渡してください",
                    "The database could not be brought to this version; hand the log to the operator",
                    e);
        }
    }
}
