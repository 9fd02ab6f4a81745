package org.mizuhiki.mail;

import java.nio.ByteBuffer;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// The mail server's side of HTTP: people's clients, by their certificates; and for strangers the
/// certificates to write
/// to.
public final class MailRoutes {
    private static final String BYTES = "application/octet-stream";

    private final PostOffice office;
    private final Runnable wake;

    private MailRoutes(PostOffice office, Runnable wake) {
        this.office = office;
        this.wake = wake;
    }

    /// @param chain DER, the own certificate first
    /// @param sealing X-Wing public key
    public record Keys(List<Bytes> chain, Bytes sealing) {
        public Keys {
            chain = List.copyOf(chain);
        }
    }

    public record Certificates(List<Bytes> chain) {
        public Certificates {
            chain = List.copyOf(chain);
        }
    }

    public record Notices(List<Mailbox.Notice> notices) {
        public Notices {
            notices = List.copyOf(notices);
        }
    }

    public record Orders(List<Mailbox.Outgoing> orders) {
        public Orders {
            orders = List.copyOf(orders);
        }
    }

    public static List<Route> of(PostOffice office, Delivery delivery) {
        var routes = new MailRoutes(office, delivery::wake);
        return List.of(
                Route.put("/v1/mailbox", "Open one's mailbox", Access.ANY_PERSON, Keys.class, Void.class, routes::open)
                        .remembersNothing(),
                Route.get("/v1/mails", "What arrived (?after=)", Access.ANY_PERSON, Notices.class, routes::notices),
                Route.get("/v1/mails/{number}", "Fetch a mail, closed", Access.ANY_PERSON, byte[].class, routes::fetch),
                Route.delete("/v1/mails/{number}", "Delete a mail", Access.ANY_PERSON, routes::delete),
                Route.put(
                                "/v1/outgoing/{id}",
                                "Send an encrypted mail (?to=)",
                                Access.ANY_PERSON,
                                byte[].class,
                                Void.class,
                                routes::send)
                        .upTo(Mailbox.MAX_MAIL)
                        .remembersNothing(),
                Route.get("/v1/outgoing", "What became of it", Access.ANY_PERSON, Orders.class, routes::outgoing),
                Route.get(
                        "/v1/mail-addresses/{address}",
                        "Certificates of a mailbox",
                        Access.MEMBER,
                        Certificates.class,
                        call -> new Reply.Json(new Certificates(office.certificates(call.path("address"))))),
                Route.get(
                        "/mail/{address}",
                        "Certificates of a mailbox, PEM: for whoever wants to write there",
                        Access.ANYONE,
                        byte[].class,
                        routes::pem));
    }

    private Reply open(Call call) {
        var keys = call.body(Keys.class);
        office.open(call.person(), keys.chain(), keys.sealing());
        return new Reply.Done();
    }

    private Reply notices(Call call) {
        return new Reply.Json(new Notices(
                office.notices(call.person(), number(call.query("after").orElse("0")), 500)));
    }

    private Reply fetch(Call call) {
        var arrived = office.fetch(call.person(), number(call.path("number")));
        var slot = arrived.slot().encoded();
        var out = ByteBuffer.allocate(4 + slot.size() + arrived.closed().size());
        out.putInt(slot.size()).put(slot.toArray()).put(arrived.closed().toArray());
        return new Reply.Raw(BYTES, Bytes.of(out.array()));
    }

    private Reply delete(Call call) {
        office.delete(call.person(), number(call.path("number")));
        return new Reply.Done();
    }

    private Reply send(Call call) {
        office.send(call.person(), call.path("id"), call.query("to").orElse(""), call.bytes());
        wake.run();
        return new Reply.Done();
    }

    private Reply outgoing(Call call) {
        return new Reply.Json(new Orders(office.outgoing(call.person())));
    }

    private Reply pem(Call call) {
        var chain = office.certificates(call.path("address"));
        var text = KeyFiles.pem(chain.stream().map(KeyFiles::certificate).toList());
        return new Reply.Raw("application/x-pem-file", Bytes.utf8(text));
    }

    /// A number that names nothing is unknown like any other.
    private static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
    }
}
