package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.mizuhiki.centre.PostgresCentre;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.Databases;
import org.mizuhiki.dues.Office;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.PostgresKeyServer;
import org.mizuhiki.mail.PostOffice;
import org.mizuhiki.store.PostgresStore;

/// Starts servers by name; the same wiring for processes, tests and the rehearsal.
public final class Roles {
    /// Every role, in the order in which a region comes up.
    public static final List<String> NAMES =
            List.of("authority", "witness", "keys", "store", "centre", "office", "gateway", "edge", "web");

    private Roles() {}

    /// Starts one server and returns when it listens.
    ///
    /// @throws Refusal `config-invalid`, `ticket-missing`, `port-taken`, `database-away`,
    /// `restore-unfinished` and what else keeps it from starting
    public static RunningRole start(RoleConfig config, Clock clock, SecureRandom die) {
        try {
            Restore.mustNotBeUnderWay(config.folder());
            Files.createDirectories(config.folder());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + config.folder(), e);
        }
        if (config.role().equals("authority")) {
            return AuthorityRole.start(config, clock, die);
        }
        return switch (config.role()) {
            case "witness" -> onFooting(config, clock, die, WitnessRole::start);
            case "keys" -> onDatabase(config, clock, die, PostgresKeyServer.MIGRATIONS, KeysRole::start);
            case "store" -> onDatabase(config, clock, die, PostgresStore.MIGRATIONS, StoreRole::start);
            case "centre" -> onDatabase(config, clock, die, PostgresCentre.MIGRATIONS, CentreRole::start);
            case "office" -> onDatabase(config, clock, die, Office.MIGRATIONS, OfficeRole::start);
            case "edge" -> onDatabase(config, clock, die, PostOffice.MIGRATIONS, EdgeRole::start);
            case "gateway" -> onFooting(config, clock, die, GatewayRole::start);
            case "web" -> onFooting(config, clock, die, WebRole::start);
            default ->
                throw Refusal.of(
                        "config-invalid",
                        "設定の role が正しくありません（" + NAMES + " のいずれか）",
                        "The configuration's role must be one of " + NAMES);
        };
    }

    private static RunningRole onFooting(
            RoleConfig config, Clock clock, SecureRandom die, Function<Footing, RunningRole> role) {
        var on = Footing.stand(config, clock, die);
        return Closing.unless(on, () -> role.apply(on));
    }

    /// The database comes up while the authority is asked.
    private static RunningRole onDatabase(
            RoleConfig config,
            Clock clock,
            SecureRandom die,
            String migrations,
            BiFunction<Footing, Database, RunningRole> role) {
        var opening = Ahead.begin("database", () -> Databases.open(config.databaseConfig(), migrations, die));
        Footing on;
        try {
            on = Footing.stand(config, clock, die);
        } catch (RuntimeException e) {
            Closing.all(List.of(() -> opening.await().close()));
            throw e;
        }
        return Closing.unless(on, () -> {
            var database = opening.await();
            return Closing.unless(database, () -> role.apply(on, database));
        });
    }

    /// Asks a running server of this machine, as its operator.
    ///
    /// @param folder the server's folder
    public static String operate(Path folder, String operation, Map<String, String> arguments) {
        return OperatorDoor.ask(folder, operation, arguments);
    }

    /// The same by the server's configuration file.
    ///
    /// @throws org.mizuhiki.house.Refusal `config-missing`, `config-invalid`, `server-not-running`, or what
    /// it refused
    public static String operateBy(Path config, String operation, Map<String, String> arguments) {
        return OperatorDoor.ask(ConfigFile.Place.of(config).folder(), operation, arguments);
    }

    /// Whether a running server of this machine answers its operator.
    public static boolean isOpen(Path folder) {
        return OperatorDoor.isOpen(folder);
    }
}
