package org.mizuhiki.apps.role;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mizuhiki.consent.RegionStatute;
import org.mizuhiki.database.Database;
import org.mizuhiki.keys.AccountRoutes;
import org.mizuhiki.keys.KeyRoutes;
import org.mizuhiki.keys.PasswordRoutes;
import org.mizuhiki.keys.PostgresAccount;
import org.mizuhiki.keys.PostgresKeyServer;
import org.mizuhiki.keys.PostgresPasswords;
import org.mizuhiki.keys.PostgresRecoveries;
import org.mizuhiki.keys.PostgresResealing;
import org.mizuhiki.keys.ResealRoutes;
import org.mizuhiki.provisional.RemoteProvisionals;
import org.mizuhiki.store.RemotePasswordShares;

/// The key server: reader slots and signed statements, its half of log-ins by password, no content.
final class KeysRole {
    /// Shares of passwords are refreshed when they are older, unseen.
    private static final Duration SHARES_LIVE = Duration.ofDays(30);

    private KeysRole() {}

    static RunningRole start(Footing on, Database database) {
        var keys = new PostgresKeyServer(
                database,
                on.statements(),
                new RegionStatute(),
                on.ledger(),
                on.clock(),
                new RemoteProvisionals(on.authority())::isOnFile);
        var passwords = PostgresPasswords.open(database, new RemotePasswordShares(on.store()), on.clock(), on.die());
        var account = new PostgresAccount(database, on.clock(), on.die());
        var delay = on.config().recoveryDelay().orElse(PostgresRecoveries.USUAL_DELAY);
        var recoveries = new PostgresRecoveries(database, on.clock(), delay, on.die());
        var journal = new PostgresJournal(database, on.clock());
        var routes = Stream.of(
                        new KeyRoutes(keys).routes(),
                        new PasswordRoutes(passwords, account).routes(),
                        new AccountRoutes(account, recoveries).routes(),
                        new ResealRoutes(new PostgresResealing(database)).routes())
                .flatMap(List::stream)
                .toList();
        var server = on.serve(routes, on.surroundings(database, journal));
        // what a crash or an absent ledger left unfinished
        var settling = Chores.every(Duration.ofMinutes(1), "settle", keys::settle);
        var passwordsSettling = Chores.every(Duration.ofMinutes(1), "settle-passwords", passwords::settle);
        var refreshing = Chores.every(Duration.ofHours(1), "refresh-shares", () -> passwords.refresh(SHARES_LIVE));
        var sweeping = Chores.every(Duration.ofHours(1), "sweep-recoveries", recoveries::sweep);
        var operations = new HashMap<>(Backups.operations(on.config(), database, Map.of()));
        operations.put("refresh-shares", _ -> "refreshed " + passwords.refresh(Duration.ZERO));
        return on.running(
                server,
                operations,
                List.of(settling, passwordsSettling, refreshing, sweeping, journal.tidied(), database));
    }
}
