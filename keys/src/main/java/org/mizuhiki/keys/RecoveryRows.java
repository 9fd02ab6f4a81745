package org.mizuhiki.keys;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.Recoveries.Approval;
import org.mizuhiki.keys.Recoveries.Asked;
import org.mizuhiki.keys.Recoveries.Given;

/// The SQL of recoveries, within one transaction.
record RecoveryRows(Handle rows) {
    private static final String ASKED = "select r.id, r.person, r.slot, g.position, r.key, r.at, r.opens, g.share,"
            + " exists (select 1 from recovery_approval a where a.recovery = r.id and a.position = g.position) as done"
            + " from recovery r join account_guardian g on g.person = r.person and g.slot = r.slot"
            + " where r.vetoed is null and r.at > :since and ";

    record Row(
            Digest id,
            PersonId person,
            Optional<String> slot,
            Bytes key,
            Digest secret,
            Instant opens,
            boolean vetoed) {}

    /// A person's newest slot with guardians.
    Optional<String> guarded(PersonId person) {
        return rows.createQuery(
                        "select s.name from account_slot s where s.person = :person and exists (select 1 from"
                                + " account_guardian g where g.person = s.person and g.slot = s.name) order by s.at desc limit 1")
                .bind("person", person.value())
                .mapTo(String.class)
                .findOne();
    }

    List<PersonId> guardians(PersonId person, String slot) {
        return rows.createQuery("select guardian from account_guardian where person = :person and slot = :slot")
                .bind("person", person.value())
                .bind("slot", slot)
                .map((r, _) -> new PersonId(r.getString("guardian")))
                .list();
    }

    /// Of those that nobody approved, what one place asked too often goes, and beyond `most` what comes
    /// from the places that asked most often, the oldest first: who asks without end crowds out himself.
    void crowd(PersonId person, int fromPlace, int most) {
        rows.createUpdate("""
                        delete from recovery where id in (
                            select id from (
                                select id, nth, row_number() over (order by nth, at desc) as rank from (
                                    select id, at, row_number() over (partition by place order by at desc) as nth
                                    from recovery r where r.person = :person and not exists
                                        (select 1 from recovery_approval a where a.recovery = r.id)) as of_place) as all_of
                            where nth > :place or rank > :most)""")
                .bind("person", person.value())
                .bind("place", fromPlace)
                .bind("most", most)
                .execute();
    }

    int unapprovedFrom(String place, Instant since) {
        return rows.createQuery("select count(*) from recovery r where r.place = :place and r.at > :since"
                        + " and not exists (select 1 from recovery_approval a where a.recovery = r.id)")
                .bind("place", place)
                .bind("since", Timestamp.from(since))
                .mapTo(Integer.class)
                .one();
    }

    /// The guardians of all recoveries that are under way.
    List<PersonId> askedGuardians(PersonId person, Instant since) {
        return rows.createQuery("select distinct g.guardian from recovery r join account_guardian g"
                        + " on g.person = r.person and g.slot = r.slot"
                        + " where r.person = :person and r.vetoed is null and r.at > :since")
                .bind("person", person.value())
                .bind("since", Timestamp.from(since))
                .map((r, _) -> new PersonId(r.getString("guardian")))
                .list();
    }

    void add(Row row, String place, Instant at) {
        rows.createUpdate("insert into recovery (id, person, slot, key, secret, at, opens, place)"
                        + " values (:id, :person, :slot, :key, :secret, :at, :opens, :place)")
                .bind("place", place)
                .bind("id", row.id().hex())
                .bind("person", row.person().value())
                .bind("slot", row.slot().orElse(null))
                .bind("key", row.key().toArray())
                .bind("secret", row.secret().hex())
                .bind("at", Timestamp.from(at))
                .bind("opens", Timestamp.from(row.opens()))
                .execute();
    }

    Optional<Row> find(Digest id, Instant since) {
        return rows.createQuery("select * from recovery where id = :id and at > :since")
                .bind("id", id.hex())
                .bind("since", Timestamp.from(since))
                .map((r, _) -> read(r))
                .findOne();
    }

    List<Row> under(PersonId person, Instant since) {
        return rows.createQuery("select * from recovery where person = :person and at > :since and vetoed is null"
                        + " order by at desc limit 100")
                .bind("person", person.value())
                .bind("since", Timestamp.from(since))
                .map((r, _) -> read(r))
                .list();
    }

    int veto(PersonId person, Instant now) {
        return rows.createUpdate("update recovery set vetoed = :now where person = :person and vetoed is null")
                .bind("person", person.value())
                .bind("now", Timestamp.from(now))
                .execute();
    }

    List<Asked> asked(PersonId guardian, Instant since) {
        return asked(rows.createQuery(ASKED + "g.guardian = :guardian order by r.at desc limit 100")
                .bind("guardian", guardian.value())
                .bind("since", Timestamp.from(since)));
    }

    Optional<Asked> asked(PersonId guardian, Digest id, Instant since) {
        return asked(rows.createQuery(ASKED + "g.guardian = :guardian and r.id = :id limit 1")
                        .bind("guardian", guardian.value())
                        .bind("id", id.hex())
                        .bind("since", Timestamp.from(since)))
                .stream()
                .findFirst();
    }

    private static List<Asked> asked(Query query) {
        return query.map((r, _) -> new Asked(
                        new Digest(r.getString("id")),
                        new PersonId(r.getString("person")),
                        r.getString("slot"),
                        r.getInt("position"),
                        Bytes.of(r.getBytes("key")),
                        r.getTimestamp("at").toInstant(),
                        r.getTimestamp("opens").toInstant(),
                        Bytes.of(r.getBytes("share")),
                        r.getBoolean("done")))
                .list();
    }

    /// @return false when it was approved before
    boolean approve(Asked asked, PersonId guardian, Approval approval, Instant at) {
        return rows.createUpdate("insert into recovery_approval"
                                + " (recovery, position, guardian, share, signature, certificate, at)"
                                + " values (:recovery, :position, :guardian, :share, :signature, :certificate, :at)"
                                + " on conflict do nothing")
                        .bind("recovery", asked.id().hex())
                        .bind("position", asked.position())
                        .bind("guardian", guardian.value())
                        .bind("share", approval.share().toArray())
                        .bind("signature", approval.signature().toArray())
                        .bind("certificate", approval.chain().toArray())
                        .bind("at", Timestamp.from(at))
                        .execute()
                == 1;
    }

    List<Given> given(Digest id) {
        return rows.createQuery("select position, guardian, share, signature, certificate from recovery_approval"
                        + " where recovery = :id order by position")
                .bind("id", id.hex())
                .map((r, _) -> new Given(
                        r.getInt("position"),
                        new PersonId(r.getString("guardian")),
                        Bytes.of(r.getBytes("share")),
                        Bytes.of(r.getBytes("signature")),
                        Bytes.of(r.getBytes("certificate"))))
                .list();
    }

    /// @param unapproved those that nobody approved go already before this
    void dropBefore(Instant before, Instant unapproved) {
        rows.createUpdate("delete from recovery r where r.at <= :before or (r.at <= :unapproved and not exists"
                        + " (select 1 from recovery_approval a where a.recovery = r.id))")
                .bind("before", Timestamp.from(before))
                .bind("unapproved", Timestamp.from(unapproved))
                .execute();
    }

    private static Row read(ResultSet row) throws SQLException {
        return new Row(
                new Digest(row.getString("id")),
                new PersonId(row.getString("person")),
                Optional.ofNullable(row.getString("slot")),
                Bytes.of(row.getBytes("key")),
                new Digest(row.getString("secret")),
                row.getTimestamp("opens").toInstant(),
                row.getTimestamp("vetoed") != null);
    }
}
