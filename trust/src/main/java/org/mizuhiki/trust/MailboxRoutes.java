package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// Certificates for mailboxes over HTTP; the request carries its own proof.
public final class MailboxRoutes {
    private static final String PATH = "/v1/mail-certificates";
    private static final int MAX_JSON = 16 << 10;

    private MailboxRoutes() {}

    /// @param current DER certificate
    /// @param pkcs10 DER
    public record Wish(Bytes current, Bytes pkcs10, Bytes proof) {}

    /// @param chain DER, own first, root last
    public record Given(List<Bytes> chain) {
        public Given {
            chain = List.copyOf(chain);
        }
    }

    public static List<Route> of(Mailboxes mailboxes) {
        return List.of(Route.post(
                        PATH,
                        "Certify a key for a person's mailbox; the person's own key signs the wish",
                        Access.ANYONE,
                        Wish.class,
                        Given.class,
                        call -> {
                            var wish = call.body(Wish.class);
                            var asked = new Mailboxes.Asked(
                                    KeyFiles.certificate(wish.current()), wish.pkcs10(), wish.proof());
                            return new Reply.Json(new Given(mailboxes.open(asked).stream()
                                    .map(KeyFiles::encoded)
                                    .toList()));
                        })
                .upTo(MAX_JSON));
    }

    /// The authority's desk from afar.
    public static Mailboxes remote(Peer authority) {
        return asked -> {
            var wish = new Wish(KeyFiles.encoded(asked.current()), asked.pkcs10(), asked.proof());
            List<X509Certificate> chain = authority.post(PATH, wish, Given.class).chain().stream()
                    .map(KeyFiles::certificate)
                    .toList();
            return chain;
        };
    }
}
