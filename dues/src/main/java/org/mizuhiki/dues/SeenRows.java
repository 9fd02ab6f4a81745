package org.mizuhiki.dues;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.usage.Month;
import org.mizuhiki.usage.UsageRoutes;

/// What the region's servers counted.
record SeenRows(Handle rows) {
    /// Counts only grow: a server that was brought back from a backup does not take back what it counted.
    void keep(String source, Month month, UsageRoutes.Usage usage) {
        for (var one : usage.counts()) {
            rows.execute(
                    "insert into seen as s (source, month, institution, measure, amount) values (?, ?, ?, ?, ?)"
                            + " on conflict (month, institution, measure, source)"
                            + " do update set amount = greatest(s.amount, excluded.amount)",
                    source,
                    month.toString(),
                    one.institution().value(),
                    one.measure().word(),
                    one.amount());
        }
        rows.execute(
                "insert into asked as a (source, month, as_of) values (?, ?, ?) on conflict (source, month)"
                        + " do update set as_of = greatest(a.as_of, excluded.as_of)",
                source,
                month.toString(),
                usage.asOf());
    }

    Optional<Instant> asked(String source, Month month) {
        return rows.createQuery("select as_of from asked where source = :source and month = :month")
                .bind("source", source)
                .bind("month", month.toString())
                .mapTo(Instant.class)
                .findOne();
    }

    /// By institution, all servers together.
    Map<InstitutionCode, Map<Measure, Long>> of(Month month) {
        var all = new TreeMap<InstitutionCode, Map<Measure, Long>>();
        record Row(InstitutionCode institution, Optional<Measure> measure, long amount) {}
        List<Row> found = rows.createQuery("select institution, measure, sum(amount)::bigint as amount from seen"
                        + " where month = :month group by institution, measure order by institution, measure")
                .bind("month", month.toString())
                .map((row, context) ->
                        new Row(new InstitutionCode(row.getString(1)), Measure.of(row.getString(2)), row.getLong(3)))
                .list();
        for (var row : found) {
            row.measure()
                    .ifPresent(measure -> all.computeIfAbsent(row.institution(), _ -> new TreeMap<>())
                            .put(measure, row.amount()));
        }
        return all;
    }
}
