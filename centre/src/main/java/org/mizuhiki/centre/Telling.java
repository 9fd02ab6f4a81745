package org.mizuhiki.centre;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.trust.Member;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.usage.Tally;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.ConnectionInformation.Maintenance;
import org.mizuhiki.vpn.Request;
import org.mizuhiki.wire.Json;

/// What begins, changes or ends a connection, with both routers' orders and the ledger's entry: one statement
/// each, as every further one is a way to the database and back for which somebody waits.
final class Telling {
    private static final String REQUEST = """
            wished as (insert into request (id, body, asking, asked, at, state, word, begins, ends)
                values (:id, :body, :wish_asking, :wish_asked, :at, :state, :word, :begins, :ends)
                on conflict (id) do update set state = excluded.state, word = excluded.word),
            """;
    private static final String CONNECTION = """
            running as (insert into connection (id, request, asking, asked, serial, since, until, renew, information,
                    contract, technician, purpose)
                values (:connection, :request, :asking, :asked, :serial, :since, :until, :renew, :information,
                    :contract, :technician, :purpose)
                on conflict (id) do update set serial = excluded.serial, until = excluded.until,
                    renew = excluded.renew, information = excluded.information, purpose = excluded.purpose),
            noted as (insert into outbox (kind, record) values (:kind, :record)),
            """;
    private static final String BEGIN = "with " + REQUEST + counting("true") + CONNECTION + OrderRows.giving("true");
    private static final String RENEW = "with " + CONNECTION + OrderRows.giving("true");
    private static final String ENDED = "exists (select from over)";
    private static final String END = """
            with over as (update connection set ended = :now, reason = :reason where id = :connection and ended is null
                    returning id),
                noted as (insert into outbox (kind, record) select :kind, :record from over),
            """ + counting(ENDED) + OrderRows.giving(ENDED);

    private Telling() {}

    private static String counting(String when) {
        return "counted as (" + Tally.within(when) + "),\n";
    }

    /// Whoever asked for a connection uses it; a subscriber that is no institution is not counted.
    private static Update count(Update statement, Member.Service asking, Measure measure, long amount, Instant now) {
        var institution =
                Optional.of(asking.subscriber()).filter(InstitutionCode::isOne).map(InstitutionCode::new);
        return Tally.bind(statement, institution, measure, amount, now);
    }

    /// @param outcome that of the request
    static void begin(
            Handle rows,
            Request request,
            SubscriberDesk.Outcome outcome,
            Connecting.Agreed agreed,
            List<OrderRows.To> orders,
            Instant now) {
        var statement = ConnectionRows.bind(rows.createUpdate(BEGIN), request, outcome);
        tell(count(statement, request.asking(), Measure.CONNECTIONS, 1, now), agreed, orders);
    }

    /// New keys, addresses or time for one that runs.
    static void renew(Handle rows, Connecting.Agreed agreed, List<OrderRows.To> orders) {
        tell(rows.createUpdate(RENEW), agreed, orders);
    }

    private static void tell(Update statement, Connecting.Agreed agreed, List<OrderRows.To> orders) {
        var information = agreed.information();
        var entry = information.entry();
        OrderRows.bind(statement, orders)
                .bind("contract", information.maintenance().map(Maintenance::contract))
                .bind(
                        "technician",
                        information.maintenance().map(m -> m.technician().value()))
                .bind("purpose", information.maintenance().map(Maintenance::purpose))
                .bind("connection", information.connection())
                .bind("request", information.request().hex())
                .bind("asking", information.asking().router().identity())
                .bind("asked", information.asked().router().identity())
                .bind("serial", information.serial())
                .bind("since", information.since())
                .bind("until", information.until())
                .bind("renew", information.issued().plus(information.renewal()))
                .bind("information", Json.write(agreed.signed()).toArray())
                .bind("kind", entry.kind())
                .bind("record", entry.record().hex())
                .execute();
    }

    /// Nothing happens to one that has ended already.
    static void end(Handle rows, ConnectionInformation information, String reason, Instant now) {
        var connection = information.connection();
        var cut = Order.cut(connection, reason);
        var orders = Stream.of(information.asking(), information.asked())
                .map(end -> new OrderRows.To(end.router().identity(), cut, List.of()))
                .toList();
        Entry entry = new Recorded.End(now, reason).entry(connection);
        long minutes =
                Duration.between(information.since(), now).plusSeconds(59).toMinutes();
        var statement = OrderRows.bind(rows.createUpdate(END), orders);
        count(statement, information.asking().router(), Measure.CONNECTION_MINUTES, Math.max(0, minutes), now)
                .bind("connection", connection)
                .bind("reason", reason)
                .bind("now", now)
                .bind("kind", entry.kind())
                .bind("record", entry.record().hex())
                .execute();
    }
}
