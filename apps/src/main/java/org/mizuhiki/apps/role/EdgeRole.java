package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mizuhiki.database.Database;
import org.mizuhiki.mail.Delivery;
import org.mizuhiki.mail.Edge;
import org.mizuhiki.mail.EdgeTls;
import org.mizuhiki.mail.MailRoutes;
import org.mizuhiki.mail.Partner;
import org.mizuhiki.mail.PostOffice;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Mailboxes;

/// The region's mail towards other PKIs: what arrives is closed for its person, what leaves was closed
/// before.
final class EdgeRole {
    private EdgeRole() {}

    static RunningRole start(Footing on, Database database) {
        var place = on.config().edgePlace();
        var partners = place.partners().orElse(List.of()).stream()
                .map(EdgeRole::partner)
                .toList();
        var domain = Mailboxes.domain(on.region().region());
        var validator = on.validator();
        var office = new PostOffice(
                database, () -> validator, domain, d -> Delivery.isServed(partners, d), on.clock(), on.die());
        var behind = new ArrayList<AutoCloseable>();
        var listen = new Edge.Listen(domain, address(on.config().host()), place.smtps(), place.startTls());
        behind.add(Edge.open(
                listen,
                office,
                Edge.Bounds.usual(),
                () -> EdgeTls.context(on.identity().get(), on.die()),
                on.clock()));
        var delivery = Delivery.start(office, partners, Delivery.Patience.usual(), on.clock(), on.die());
        behind.add(delivery);
        var journal = new PostgresJournal(database, on.clock());
        var server = on.serve(MailRoutes.of(office, delivery), on.surroundings(database, journal));
        behind.add(journal.tidied());
        behind.add(database);
        return on.running(server, Backups.operations(on.config(), database, Map.of()), behind);
    }

    private static Partner partner(RoleConfig.Brought said) {
        return new Partner(
                said.domain(),
                said.host(),
                said.port(),
                said.startTls().orElse(false),
                said.roots().map(KeyFiles::readChain).orElse(List.of()));
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (IOException e) {
            throw new UncheckedIOException("unknown host " + host, e);
        }
    }
}
