package org.mizuhiki.dues;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.usage.Month;
import org.mizuhiki.wire.Json;

/// Issuer, plans, accounts, expenses.
record AccountRows(Handle rows) {
    private static final String ACCOUNT = "select a.*, coalesce((select s.plan from subscription s"
            + " where s.institution = a.institution and s.since <= :month order by s.since desc limit 1), '') as plan"
            + " from account a ";

    /// One deed after the other: numbers without gaps, and no plan that changes while it is charged.
    void alone() {
        rows.execute("select pg_advisory_xact_lock(hashtextextended('dues', 0))");
    }

    void issuer(Issuer issuer, Instant at) {
        rows.execute(
                "insert into issuer (body, at) values (?, ?)",
                Json.write(issuer).toArray(),
                at);
    }

    Optional<Issuer> issuer() {
        return rows.createQuery("select body from issuer order by number desc limit 1")
                .map((row, context) -> Json.read(Bytes.of(row.getBytes(1)), Issuer.class))
                .findOne();
    }

    /// Changes nothing where a plan of this name is.
    void add(Plan plan) {
        rows.execute(
                "insert into plan (name, body, open) values (?, ?, ?) on conflict (name) do nothing",
                plan.name(),
                Json.write(plan).toArray(),
                plan.open());
    }

    Optional<Plan> plan(String name) {
        return plans().stream().filter(p -> p.name().equals(name)).findFirst();
    }

    List<Plan> plans() {
        return rows.createQuery("select body from plan order by name")
                .map((row, context) -> Json.read(Bytes.of(row.getBytes(1)), Plan.class))
                .list();
    }

    void open(InstitutionCode institution, String name) {
        rows.execute(
                "insert into account (institution, name, contact) values (?, ?, ?)"
                        + " on conflict (institution) do update set name = excluded.name, last = null",
                institution.value(),
                name,
                Json.write(Account.Contact.NONE).toArray());
    }

    void last(InstitutionCode institution, Month last) {
        rows.execute("update account set last = ? where institution = ?", last.toString(), institution.value());
    }

    void contact(InstitutionCode institution, Account.Contact contact) {
        rows.execute(
                "update account set contact = ? where institution = ?",
                Json.write(contact).toArray(),
                institution.value());
    }

    void subscribe(InstitutionCode institution, Month since, String plan) {
        rows.execute(
                "insert into subscription (institution, since, plan) values (?, ?, ?)"
                        + " on conflict (institution, since) do update set plan = excluded.plan",
                institution.value(),
                since.toString(),
                plan);
    }

    /// The first month that anybody has a plan for.
    Optional<Month> firstMonth() {
        return rows.createQuery("select min(since) from subscription")
                .mapTo(String.class)
                .findOne()
                .map(Month::parse);
    }

    Optional<Account> account(InstitutionCode institution, Month month) {
        return rows.createQuery(ACCOUNT + "where a.institution = :institution")
                .bind("institution", institution.value())
                .bind("month", month.toString())
                .map((row, context) -> account(row))
                .findOne();
    }

    List<Account> accounts(Month month) {
        return rows.createQuery(ACCOUNT + "order by a.institution")
                .bind("month", month.toString())
                .map((row, context) -> account(row))
                .list();
    }

    private static Account account(java.sql.ResultSet row) throws java.sql.SQLException {
        return new Account(
                new InstitutionCode(row.getString("institution")),
                row.getString("name"),
                row.getString("plan"),
                Optional.ofNullable(row.getString("last")).map(Month::parse),
                Json.read(Bytes.of(row.getBytes("contact")), Account.Contact.class));
    }

    /// @return whether it is new
    boolean expense(Month month, Expense expense) {
        return rows.execute(
                        "insert into expense (month, what, yen, entry) values (?, ?, ?, ?) on conflict (entry) do nothing",
                        month.toString(),
                        expense.what(),
                        expense.yen(),
                        expense.entry())
                == 1;
    }

    List<Expense> expenses(Month month) {
        return rows.createQuery("select entry, what, yen from expense where month = :month order by number")
                .bind("month", month.toString())
                .map((row, context) -> new Expense(row.getString("entry"), row.getString("what"), row.getLong("yen")))
                .list();
    }

    /// What running the region cost; below zero for what came back.
    ///
    /// @param entry the operator's own number of it, such as that of a bill
    record Expense(String entry, String what, long yen) {
        Expense {
            Words.needed(64, entry);
            Words.needed(80, what);
            if (Math.abs(yen) > Plan.MOST_YEN * 10) {
                throw Plan.malformed();
            }
        }
    }
}
