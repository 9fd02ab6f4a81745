package org.mizuhiki.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.mizuhiki.centre.CentreRoutes;
import org.mizuhiki.centre.PostgresCentre;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.ledger.LedgerSettings;
import org.mizuhiki.ledger.LogSigner;
import org.mizuhiki.ledger.TileLog;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.PathValidator;
import org.mizuhiki.trust.RemoteRevocation;
import org.mizuhiki.trust.RevocationList;
import org.mizuhiki.vpn.Declarations;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Limits;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peers;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// The centre as a process of its own, so that it can be given one core and be killed: TLS, database and
/// ledger as in a region, only the limits of requests a minute are lifted, as all of a nation come from one
/// machine. `fill` on its standard input adds a nation's sites; its end ends the process.
final class CentreProcess {
    private static final int PLENTY = 1_000_000_000;
    private static final int ROUTERS = 20_000;
    private static final int NATION = 180_000;

    private CentreProcess() {}

    /// @param arguments folder with `key.pem`, `chain.pem` and `roots.pem`; port; the authority's address
    public static void main(String[] arguments) throws Exception {
        Crypto.choose();
        var folder = Path.of(arguments[0]);
        var clock = Clock.systemUTC();
        var die = new SecureRandom();
        var roots = KeyFiles.readChain(folder.resolve("roots.pem"));
        var own = new Identity(
                KeyFiles.readKey(folder.resolve("key.pem")), KeyFiles.readChain(folder.resolve("chain.pem")), roots);
        var authority = Peers.connect(URI.create(arguments[2]), () -> Identity.anonymous(roots), Patience.usual(), die);
        try (var lists = new RevocationList(new RemoteRevocation(authority), roots, clock, Duration.ofHours(24));
                var ledger = ledger(folder, clock, die);
                var rows = Databases.open(
                        DatabaseConfig.embedded(folder.resolve("rows"), folder.resolve("bin")),
                        PostgresCentre.MIGRATIONS,
                        die);
                var turns =
                        Executors.newScheduledThreadPool(1, Thread.ofVirtual().factory())) {
            lists.refresh();
            var validator = new PathValidator(roots, lists);
            var centre = new PostgresCentre(
                    rows,
                    new PostgresCentre.Around(
                            CentreBench.PROVIDER,
                            () -> new Author(own.key(), own.chain()),
                            lists,
                            _ -> true,
                            new Declarations(new Seals(die).records(), validator, clock),
                            validator,
                            ledger,
                            clock,
                            die));
            var limits = Limits.usual()
                    .withRequestsAtOnce(ROUTERS)
                    .withConnections(ROUTERS)
                    .withRates(PLENTY, PLENTY, PLENTY);
            var listen = ServerConfig.of("centre", "127.0.0.1", Integer.parseInt(arguments[1]))
                    .withLimits(limits);
            try (var _ = HttpServer.start(listen, own, lists, CentreRoutes.of(centre), Surroundings.of(clock, die))) {
                var _ = turns.scheduleWithFixedDelay(centre::renew, 1, 1, TimeUnit.SECONDS);
                var _ = turns.scheduleWithFixedDelay(centre::cutRevoked, 5, 5, TimeUnit.SECONDS);
                System.out.println("ready");
                var asked = new Scanner(System.in, StandardCharsets.UTF_8);
                while (asked.hasNextLine()) {
                    if (asked.nextLine().equals("fill")) {
                        fill(rows);
                        System.out.println("filled");
                    }
                }
                centre.release();
            }
        }
    }

    /// A log of its own, as durable as a region's.
    private static TileLog ledger(Path folder, Clock clock, SecureRandom die) throws IOException {
        var run = Files.createTempDirectory(folder, "ledger");
        var signer = LogSigner.generate("bench", die);
        var stamps = Accreditation.found(run.resolve("ca"), "bench", URI.create("http://127.0.0.1:1"), clock, die)
                .stamps(clock, die);
        return TileLog.open(
                run.resolve("log"), signer, signer.keys(Map.of(), 0), stamps, List.of(), LedgerSettings.usual());
    }

    /// Rows that a nation's institutions would have left, made where they lie; nothing reads what they
    /// signed.
    private static void fill(Database rows) {
        rows.inTransaction(r -> r.execute("""
                        insert into router (identity, subscriber, certificate, sealing, host, port, translated, seen)
                        select '01' || lpad(n::text, 8, '0') || '/medical-vpn/acme/R-1/N' || n, '01' || lpad(n::text, 8, '0'),
                            '', decode(repeat('00', 1216), 'hex'), '192.0.2.1', 500, false, now()
                        from generate_series(1, ?) n""", NATION) + r.execute("""
                        insert into declaration (id, kind, said_by, subject, router, at, signed)
                        select encode(sha256((k || n)::bytea), 'hex'), k, '01' || lpad(n::text, 8, '0'), k || n,
                            '01' || lpad(n::text, 8, '0') || '/medical-vpn/acme/R-1/N' || n, now(),
                            decode(repeat('00', 3000), 'hex')
                        from generate_series(1, ?) n, unnest(array['vpn-policy', 'vpn-membership']) k""", NATION));
        rows.inTransaction(r -> r.execute("analyze"));
    }
}
