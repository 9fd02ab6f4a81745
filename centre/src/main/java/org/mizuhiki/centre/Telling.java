package org.mizuhiki.centre;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.ConnectionInformation.Maintenance;
import org.mizuhiki.vpn.Request;
import org.mizuhiki.vpn.SignedInformation;
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
    private static final String BEGIN = "with " + REQUEST + CONNECTION + OrderRows.giving("true");
    private static final String RENEW = "with " + CONNECTION + OrderRows.giving("true");
    private static final String END = """
            with over as (update connection set ended = :now, reason = :reason where id = :connection and ended is null
                    returning id),
                noted as (insert into outbox (kind, record) select :kind, :record from over),
            """ + OrderRows.giving("exists (select from over)");

    private Telling() {}

    /// @param outcome that of the request
    static void begin(
            Handle rows,
            Request request,
            SubscriberDesk.Outcome outcome,
            SignedInformation signed,
            List<OrderRows.To> orders) {
        tell(ConnectionRows.bind(rows.createUpdate(BEGIN), request, outcome), signed, orders);
    }

    /// New keys, addresses or time for one that runs.
    static void renew(Handle rows, SignedInformation signed, List<OrderRows.To> orders) {
        tell(rows.createUpdate(RENEW), signed, orders);
    }

    private static void tell(Update statement, SignedInformation signed, List<OrderRows.To> orders) {
        var information = ConnectionInformation.decode(signed.information());
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
                .bind("information", Json.write(signed).toArray())
                .bind("kind", entry.kind())
                .bind("record", entry.record().hex())
                .execute();
    }

    /// Nothing happens to one that has ended already.
    ///
    /// @return whether it ended now
    static boolean end(Handle rows, String connection, String reason, Instant now, List<String> routers) {
        var cut = Order.cut(connection, reason);
        Entry entry = new Recorded.End(now, reason).entry(connection);
        int told = OrderRows.bind(
                        rows.createUpdate(END),
                        routers.stream()
                                .map(r -> new OrderRows.To(r, cut, List.of()))
                                .toList())
                .bind("connection", connection)
                .bind("reason", reason)
                .bind("now", now)
                .bind("kind", entry.kind())
                .bind("record", entry.record().hex())
                .execute();
        return told > 0;
    }
}
