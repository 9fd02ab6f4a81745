package org.mizuhiki.enrol.acme;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.mizuhiki.database.Database;
import org.mizuhiki.trust.Certification;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.Nonces;
import org.mizuhiki.wire.Route;

/// The parts put together.
public final class AcmeDesk {
    private final Accounts accounts;
    private final List<Route> routes;
    private final Urls urls;

    public AcmeDesk(
            Database database,
            Certification certification,
            Bindings bindings,
            Supplier<URI> base,
            Clock clock,
            SecureRandom die) {
        this.urls = new Urls(base);
        var nonces = new Nonces(Duration.ofHours(1), clock, die);
        var door = new Door(database, nonces, urls);
        this.accounts = new Accounts(database, bindings, door, urls, clock, die);
        var orders = new Orders(database, certification, door, urls, clock, die);
        var certificates = new Certificates(database, certification, door, urls, clock);
        this.routes = new AcmeRoutes(accounts, orders, certificates, nonces, urls).all();
    }

    public List<Route> routes() {
        return routes;
    }

    public String directory() {
        return urls.directory();
    }

    public Given bind(Member.Server member, Duration life) {
        return accounts.bind(member, life);
    }

    public boolean end(Member.Server member) {
        return accounts.end(member);
    }
}
