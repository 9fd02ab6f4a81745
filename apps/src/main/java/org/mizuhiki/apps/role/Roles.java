package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.mizuhiki.house.Refusal;

/// Starts servers by name; the same wiring for processes, tests and the rehearsal.
public final class Roles {
    /// Every role, in the order in which a region comes up.
    public static final List<String> NAMES = List.of("authority", "witness", "keys", "store", "gateway", "web");

    private Roles() {}

    /// Starts one server and returns when it listens.
    ///
    /// @throws Refusal `config-invalid`, `ticket-missing`, `port-taken`, `database-away` and what else
    /// keeps it from starting
    public static RunningRole start(RoleConfig config, Clock clock, SecureRandom die) {
        try {
            Files.createDirectories(config.folder());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + config.folder(), e);
        }
        if (config.role().equals("authority")) {
            return AuthorityRole.start(config, clock, die);
        }
        var on = Footing.stand(config, clock, die);
        try {
            return switch (config.role()) {
                case "witness" -> WitnessRole.start(on);
                case "keys" -> KeysRole.start(on);
                case "store" -> StoreRole.start(on);
                case "gateway" -> GatewayRole.start(on);
                case "web" -> WebRole.start(on);
                default ->
                    throw Refusal.of(
                            "config-invalid",
                            "設定の role が正しくありません（" + NAMES + " のいずれか）",
                            "The configuration's role must be one of " + NAMES);
            };
        } catch (RuntimeException e) {
            on.close();
            throw e;
        }
    }

    /// Asks a running server of this machine, as its operator.
    ///
    /// @param folder the server's folder
    public static String operate(Path folder, String operation, Map<String, String> arguments) {
        return OperatorDoor.ask(folder, operation, arguments);
    }
}
