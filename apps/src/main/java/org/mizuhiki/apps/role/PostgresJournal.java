package org.mizuhiki.apps.role;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.wire.ReplyJournal;

/// Replies in the role's own database (table `reply`), so that a repeated request is done once also after a
/// restart. A request costs one look-up by key and one insert.
///
/// Claims live in this process only: a role is one process, and when it dies, a claim on disk would tell
/// nothing but would keep the caller waiting. A reply that could not be written because the database went
/// away after the work was done stays here until it can be, and goes out only then.
final class PostgresJournal implements ReplyJournal {
    /// Beyond this the oldest replies to a caller are forgotten at the next cleaning.
    static final int PER_CALLER = 10_000;

    private static final Duration TIDY_PAUSE = Duration.ofMinutes(5);

    /// A claimed key.
    ///
    /// @param unwritten the reply, if the work is done and the database does not know yet
    private record Line(Request request, Optional<Kept> unwritten) {}

    private record Row(Digest content, Kept reply) {}

    private final Database database;
    private final Clock clock;
    private final int perCaller;
    private final ConcurrentMap<Digest, Line> lines = new ConcurrentHashMap<>();

    PostgresJournal(Database database, Clock clock) {
        this(database, clock, PER_CALLER);
    }

    PostgresJournal(Database database, Clock clock, int perCaller) {
        this.database = database;
        this.clock = clock;
        this.perCaller = perCaller;
    }

    @Override
    public Claim claim(Request request) {
        var mine = new Line(request, Optional.empty());
        var other = lines.putIfAbsent(request.key(), mine);
        if (other == null) {
            return claimed(mine);
        }
        if (!other.request().content().equals(request.content())) {
            return new Claim.Conflict();
        }
        if (other.unwritten().isEmpty()) {
            return new Claim.UnderWay();
        }
        write(other);
        return new Claim.Replay(other.unwritten().get());
    }

    /// What the database knows of a key that nobody holds here.
    private Claim claimed(Line mine) {
        boolean toBeDone = false;
        try {
            var claim = find(mine.request())
                    .map(row -> row.content().equals(mine.request().content())
                            ? new Claim.Replay(row.reply())
                            : new Claim.Conflict())
                    .orElseGet(Claim.Mine::new);
            toBeDone = claim instanceof Claim.Mine;
            return claim;
        } finally {
            if (!toBeDone) { // also when the database is away: the next try asks it again
                lines.remove(mine.request().key(), mine);
            }
        }
    }

    private Optional<Row> find(Request request) {
        return database.reading(rows -> rows.createQuery(
                        "select content, status, media_type, body from reply where key = :key and at > :oldest")
                .bind("key", request.key().toArray())
                .bind("oldest", request.at().minus(KEPT_FOR).atOffset(ZoneOffset.UTC))
                .map((r, _) -> new Row(
                        Digest.ofHash(r.getBytes("content")),
                        new Kept(r.getInt("status"), r.getString("media_type"), Bytes.of(r.getBytes("body")))))
                .findOne());
    }

    @Override
    public void keep(Request request, Kept reply) {
        var line = new Line(request, Optional.of(reply));
        lines.put(request.key(), line);
        write(line);
    }

    /// What stands there already is out of date: [#claim] found none that counts.
    private void write(Line line) {
        var request = line.request();
        var reply = line.unwritten().orElseThrow();
        database.inOneStatement(
                rows -> rows.createUpdate("insert into reply (key, caller, content, at, status, media_type, body)"
                                + " values (:key, :caller, :content, :at, :status, :type, :body)"
                                + " on conflict (key) do update set content = excluded.content, at = excluded.at,"
                                + " status = excluded.status, media_type = excluded.media_type, body = excluded.body")
                        .bind("key", request.key().toArray())
                        .bind("caller", request.caller().toArray())
                        .bind("content", request.content().toArray())
                        .bind("at", request.at().atOffset(ZoneOffset.UTC))
                        .bind("status", reply.status())
                        .bind("type", reply.mediaType())
                        .bind("body", reply.body().toArray())
                        .execute());
        lines.remove(request.key(), line);
    }

    /// A reply that waits to be written is no longer the claimer's to give back: its work is done.
    @Override
    public void release(Request request) {
        lines.computeIfPresent(request.key(), (key, line) -> line.unwritten().isPresent() ? line : null);
    }

    /// Starts the cleaning, until what is returned is closed.
    AutoCloseable tidied() {
        return Chores.every(TIDY_PAUSE, "tidy replies", this::tidy);
    }

    /// Writes what waited, then drops replies by age and by number a caller.
    void tidy() {
        lines.values().stream().filter(line -> line.unwritten().isPresent()).forEach(this::write);
        var oldest = clock.instant().minus(KEPT_FOR).atOffset(ZoneOffset.UTC);
        database.inTransaction(rows -> rows.execute("delete from reply where at <= ?", oldest)
                + rows.execute(
                        "delete from reply where key in (select key from (select key, row_number()"
                                + " over (partition by caller order by at desc) as place from reply) as placed"
                                + " where place > ?)",
                        perCaller));
    }
}
