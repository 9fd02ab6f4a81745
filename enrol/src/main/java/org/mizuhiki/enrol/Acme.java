package org.mizuhiki.enrol;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import org.mizuhiki.database.Database;
import org.mizuhiki.enrol.acme.AcmeDesk;
import org.mizuhiki.enrol.acme.Bindings;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.Certification;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.Route;

/// Automatic Certificate Management Environment (RFC 8555, RFC 8738, RFC 9773) for the region's servers. The
/// operator binds an account to one server; from then on an ordinary client renews by itself. Its rows lie
/// in the authority's database; its migrations are among those of `PostgresAuthority.MIGRATIONS`.
public final class Acme {
    private final AcmeDesk desk;

    /// @param certification in the operator's name
    /// @param keyFile made when it is not there, mode 0600: opens accounts that are not opened yet
    /// @param base `https://host:port` as clients write it; asked for each answer
    public Acme(
            Database database,
            Certification certification,
            Path keyFile,
            Supplier<URI> base,
            Clock clock,
            SecureRandom die) {
        this.desk = new AcmeDesk(database, certification, Bindings.open(keyFile, die), base, clock, die);
    }

    public List<Route> routes() {
        return desk.routes();
    }

    /// Lets one account be opened for this server, once, within `life` (at most seven days).
    ///
    /// @throws org.mizuhiki.house.Refusal `binding-life`
    public Binding bind(Member.Server server, Duration life) {
        var given = desk.bind(server, life);
        return new Binding(desk.directory(), given.kid(), given.key());
    }

    /// What a client is given to open its account.
    ///
    /// @param directory where it begins
    /// @param kid names the binding
    /// @param key of the binding's MAC
    public record Binding(String directory, String kid, Secret key) {
        /// Lines of certbot's `cli.ini`. Whoever has them opens the account: for a file of mode 0600 only.
        public String revealed() {
            var text = key.lend(bytes -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
            return "server = " + directory + "\neab-kid = " + kid + "\neab-hmac-key = " + text;
        }
    }

    /// Ends all accounts of this server, and bindings that nobody used yet; said before the server itself is
    /// revoked.
    ///
    /// @return whether there were any
    public boolean end(Member.Server server) {
        return desk.end(server);
    }
}
