package org.mizuhiki.usage;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// A server's counts for the office that makes bills of them, and for nobody else.
public final class UsageRoutes {
    /// The only role that may ask.
    public static final String OFFICE = "office";

    private UsageRoutes() {}

    /// All counts of a month.
    ///
    /// @param asOf before this moment nothing is missing in them
    public record Usage(Instant asOf, List<Tally.Counted> counts) {
        public Usage {
            counts = List.copyOf(counts);
        }
    }

    /// @param database with the table of [Tally]
    public static List<Route> of(Database database, Clock clock) {
        return of(database, clock, () -> {});
    }

    /// @param counting what is to be counted anew before each answer
    public static List<Route> of(Database database, Clock clock, Runnable counting) {
        return List.of(Route.get(
                        "/v1/usage",
                        "How much each institution used in a month; for the office only",
                        Access.SERVER,
                        Usage.class,
                        call -> {
                            fromOffice(call);
                            var month = Month.parse(call.query("month").orElse(""));
                            counting.run();
                            var asOf = clock.instant();
                            return new Reply.Json(new Usage(asOf, database.reading(rows -> new Tally(rows).of(month))));
                        })
                .remembersNothing());
    }

    private static void fromOffice(Call call) {
        if (!(call.caller() instanceof Caller.Server server && server.role().equals(OFFICE))) {
            throw Refusal.of("access-denied", "この操作は会計サーバーだけが行えます", "Only the office may ask for this");
        }
    }
}
