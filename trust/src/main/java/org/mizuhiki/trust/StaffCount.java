package org.mizuhiki.trust;

import java.time.Clock;
import java.time.Instant;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.usage.Tally;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How many professionals of each institution are in the directory; the greatest number of a month stays.
record StaffCount(Database database, Clock clock) {
    private static final Logger LOG = LoggerFactory.getLogger(StaffCount.class);

    private record Staff(InstitutionCode institution, long professionals) {}

    /// A failure is logged; it is counted again at the next turn.
    void tryToCount() {
        try {
            database.inTransaction(rows -> counted(rows, clock.instant()));
        } catch (Refusal later) {
            LOG.warn("staff is counted later: {}", later.code());
        }
    }

    private static Instant counted(Handle rows, Instant now) {
        var tally = new Tally(rows);
        rows.createQuery("select institution, count(*) as professionals from listing"
                        + " where ended is null and professional and institution is not null"
                        + " group by institution order by institution")
                .map((row, context) ->
                        new Staff(new InstitutionCode(row.getString("institution")), row.getLong("professionals")))
                .list()
                .forEach(s -> tally.stands(s.institution(), Measure.MEMBERS, s.professionals(), now));
        return now;
    }
}
