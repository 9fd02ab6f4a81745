package org.mizuhiki.usage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.mizuhiki.house.InstitutionCode;

/// The counts of one server, in the table `usage_tally` of its own database:
///
///     institution text, month text, measure text, amount bigint, primary key (institution, month, measure)
///
/// Counts only grow, so whoever asks twice, or later, misses nothing and counts nothing twice.
public record Tally(Handle rows) {
    private static final String INTO =
            "insert into usage_tally as t (institution, month, measure, amount) values (?, ?, ?, ?)"
                    + " on conflict (institution, month, measure) do update set amount = ";

    /// One count.
    public record Counted(InstitutionCode institution, Measure measure, long amount) {}

    /// Adds in the transaction of what is counted. Call it last: others who count for the same
    /// institution wait for this transaction's end.
    ///
    /// @param amount not negative
    public void add(InstitutionCode institution, Measure measure, long amount, Instant at) {
        count(INTO + "t.amount + excluded.amount", institution, measure, amount, at);
    }

    /// A part of the statement that does what is counted, as a clause of its `with`: one way to the database
    /// less. [#bind] gives it its values.
    ///
    /// @param when a condition in SQL
    public static String within(String when) {
        return """
                insert into usage_tally as t (institution, month, measure, amount)
                    select :tally_institution, :tally_month, :tally_measure, :tally_amount
                    where cast(:tally_institution as text) is not null and %s
                    on conflict (institution, month, measure) do update set amount = t.amount + excluded.amount
                """.formatted(when);
    }

    /// @param institution nobody is counted for where it is absent
    /// @param amount not negative
    public static Update bind(
            Update statement, Optional<InstitutionCode> institution, Measure measure, long amount, Instant at) {
        return statement
                .bind("tally_institution", institution.map(InstitutionCode::value))
                .bind("tally_month", Month.of(at).toString())
                .bind("tally_measure", measure.word())
                .bind("tally_amount", grown(measure, amount));
    }

    /// For what stands and is not done: the greatest amount of the month counts.
    public void stands(InstitutionCode institution, Measure measure, long amount, Instant at) {
        count(INTO + "greatest(t.amount, excluded.amount)", institution, measure, amount, at);
    }

    private void count(String sql, InstitutionCode institution, Measure measure, long amount, Instant at) {
        rows.execute(sql, institution.value(), Month.of(at).toString(), measure.word(), grown(measure, amount));
    }

    private static long grown(Measure measure, long amount) {
        if (amount < 0) {
            throw new IllegalArgumentException("a count only grows: " + measure + " by " + amount);
        }
        return amount;
    }

    /// All counts of a month. A measure that this version does not know is left out.
    public List<Counted> of(Month month) {
        return rows.createQuery("select institution, measure, amount from usage_tally where month = :month"
                        + " and measure in (<known>) order by institution, measure")
                .bind("month", month.toString())
                .bindList(
                        "known",
                        java.util.Arrays.stream(Measure.values())
                                .map(Measure::word)
                                .toList())
                .map((row, context) -> new Counted(
                        new InstitutionCode(row.getString("institution")),
                        Measure.of(row.getString("measure")).orElseThrow(),
                        row.getLong("amount")))
                .list();
    }
}
