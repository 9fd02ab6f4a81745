package org.mizuhiki.database;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the tables to the newest version with Flyway. Loading Flyway and scanning the class path costs
/// several hundred milliseconds, so a mark beside its history says which scripts it has run: the same
/// scripts, no Flyway.
final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

    private final Jdbi jdbi;
    private final DataSource source;
    private final String location;

    Migrations(Jdbi jdbi, DataSource source, String location) {
        this.jdbi = jdbi;
        this.source = source;
        this.location = location;
    }

    void bringUp() {
        var scripts = Scripts.digest(Migrations.class.getClassLoader(), location);
        if (isUpTo(scripts)) {
            return;
        }
        long began = System.nanoTime();
        migrate();
        mark(scripts);
        LOG.info("the tables were brought up in {} ms", (System.nanoTime() - began) / 1_000_000);
    }

    private boolean isUpTo(Digest scripts) {
        return jdbi.withHandle(rows -> {
            var marked = rows.createQuery("select to_regclass('public.schema_mark') is not null")
                    .mapTo(Boolean.class)
                    .one();
            return marked
                    && rows.createQuery("select exists (select 1 from schema_mark where scripts = :scripts)")
                            .bind("scripts", scripts.hex())
                            .mapTo(Boolean.class)
                            .one();
        });
    }

    private void mark(Digest scripts) {
        jdbi.useTransaction(rows -> {
            rows.execute("create table if not exists schema_mark (scripts text not null)");
            rows.execute("delete from schema_mark");
            rows.execute("insert into schema_mark (scripts) values (?)", scripts.hex());
        });
    }

    private void migrate() {
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
