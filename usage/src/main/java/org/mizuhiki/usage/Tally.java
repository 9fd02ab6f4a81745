package org.mizuhiki.usage;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
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

    /// For what stands and is not done: the greatest amount of the month counts.
    public void stands(InstitutionCode institution, Measure measure, long amount, Instant at) {
        count(INTO + "greatest(t.amount, excluded.amount)", institution, measure, amount, at);
    }

    private void count(String sql, InstitutionCode institution, Measure measure, long amount, Instant at) {
        if (amount < 0) {
            throw new IllegalArgumentException("a count only grows: " + measure + " by " + amount);
        }
        rows.execute(sql, institution.value(), Month.of(at).toString(), measure.word(), amount);
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
