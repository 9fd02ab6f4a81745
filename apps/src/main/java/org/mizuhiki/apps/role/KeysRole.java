package org.mizuhiki.apps.role;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mizuhiki.consent.RegionStatute;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.AccountRoutes;
import org.mizuhiki.keys.EmergencyRoutes;
import org.mizuhiki.keys.EmergencyTerminals;
import org.mizuhiki.keys.KeyRoutes;
import org.mizuhiki.keys.OwnerKeys;
import org.mizuhiki.keys.PasswordRoutes;
import org.mizuhiki.keys.PostgresAccount;
import org.mizuhiki.keys.PostgresKeyServer;
import org.mizuhiki.keys.PostgresPasswords;
import org.mizuhiki.keys.PostgresRecoveries;
import org.mizuhiki.keys.Registrations;
import org.mizuhiki.keys.ResealRoutes;
import org.mizuhiki.ledger.OfflineEvidenceCheck;
import org.mizuhiki.ledger.PinnedStampRoots;
import org.mizuhiki.provisional.RemoteProvisionals;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.store.RemoteEmergencyReaders;
import org.mizuhiki.store.RemotePasswordShares;
import org.mizuhiki.trust.DirectoryCheck;
import org.mizuhiki.trust.RemoteDirectory;
import org.mizuhiki.usage.UsageRoutes;

/// The key server: reader slots and signed statements, its half of log-ins by password, no content.
final class KeysRole {
    /// Shares of passwords are refreshed when they are older, unseen.
    private static final Duration SHARES_LIVE = Duration.ofDays(30);

    private KeysRole() {}

    private static Registrations registrations(RemoteProvisionals authority) {
        return new Registrations() {
            @Override
            public boolean isOnFile(PersonId patient, Digest registration) {
                return authority.isOnFile(patient, registration);
            }

            @Override
            public List<Digest> ended(List<Digest> registrations) {
                return authority.ended(registrations);
            }
        };
    }

    /// As a device asks the directory before it seals: the authority is not believed without the
    /// ledger's proof.
    private static OwnerKeys ownerKeys(Footing on) {
        var roots = new PinnedStampRoots(on.region().trust().roots());
        var evidence = new OfflineEvidenceCheck(new Seals(on.die()).stamps(), roots);
        var check =
                new DirectoryCheck(on.validator(), evidence, on.region().trust().log(), on.clock());
        var directory = new RemoteDirectory(on.authority());
        return owner -> check.check(owner, directory.find(owner)).keyId();
    }

    static RunningRole start(Footing on, Database database) {
        var keys = new PostgresKeyServer(
                database,
                on.statements(),
                new RegionStatute(),
                on.ledger(),
                on.clock(),
                registrations(new RemoteProvisionals(on.authority())));
        var passwords = PostgresPasswords.open(database, new RemotePasswordShares(on.store()), on.clock(), on.die());
        var account = new PostgresAccount(database, on.clock(), on.die());
        var delay = on.config().recoveryDelay().orElse(PostgresRecoveries.USUAL_DELAY);
        var recoveries = new PostgresRecoveries(database, on.clock(), delay, on.die());
        var journal = new PostgresJournal(database, on.clock());
        var terminals = new EmergencyTerminals(database, on.clock());
        var emergencies = keys.emergencies(terminals, new RemoteEmergencyReaders(on.store()), on.die());
        var routes = Stream.of(
                        new KeyRoutes(keys).routes(),
                        new PasswordRoutes(passwords, account).routes(),
                        new AccountRoutes(account, recoveries).routes(),
                        new ResealRoutes(keys.resealing(ownerKeys(on))).routes(),
                        new EmergencyRoutes(emergencies).routes(),
                        UsageRoutes.of(database, on.clock()))
                .flatMap(List::stream)
                .toList();
        var server = on.serve(routes, on.surroundings(database, journal));
        // what a crash or an absent ledger left unfinished
        var settling = Chores.every(Duration.ofMinutes(1), "settle", keys::settle);
        var passwordsSettling = Chores.every(Duration.ofMinutes(1), "settle-passwords", passwords::settle);
        var refreshing = Chores.every(Duration.ofHours(1), "refresh-shares", () -> passwords.refresh(SHARES_LIVE));
        var sweeping = Chores.every(Duration.ofHours(1), "sweep-recoveries", recoveries::sweep);
        var operations = new HashMap<>(Backups.operations(on.config(), database, Map.of()));
        operations.putAll(EmergencyOperations.of(terminals, on.clock()));
        operations.put("refresh-shares", _ -> "refreshed " + passwords.refresh(Duration.ZERO));
        return on.running(
                server,
                operations,
                List.of(settling, passwordsSettling, refreshing, sweeping, journal.tidied(), database));
    }
}
