package org.mizuhiki.apps.role;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.HttpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One server process from its start to its stop.
///
/// @param withParent stop when standard input ends, as a supervised process does
public record Serving(String role, Path config, boolean withParent) {
    /// Recognises `<role> --config FILE [--with-parent]`, the form in which servers are started. Reading it
    /// here instead of with all the other commands saves a restarting server a third of its time away.
    public static Optional<Serving> asked(String... arguments) {
        boolean supervised = arguments.length == 4 && arguments[3].equals("--with-parent");
        if ((arguments.length == 3 || supervised)
                && (Roles.NAMES.contains(arguments[0]) || arguments[0].equals(RouterConfig.ROLE))
                && arguments[1].equals("--config")) {
            return Optional.of(new Serving(arguments[0], Path.of(arguments[2]), supervised));
        }
        return Optional.empty();
    }

    /// Serves until asked to stop.
    ///
    /// @throws Refusal what keeps the server from starting
    public void untilStopped() throws InterruptedException {
        long start = System.nanoTime();
        // 1. what needs nothing of the configuration goes ahead, the engine once logs are set up; nobody awaits it
        var choosing = Ahead.begin("cryptography", Crypto::choose);
        var log = LoggerFactory.getLogger(Serving.class);
        var _ = Ahead.begin("http", () -> {
            var chosen = choosing.await();
            HttpServer.prepare();
            return chosen;
        });
        // 2. what to be
        var meant = ConfigFile.Place.of(config).role();
        if (!meant.equals(role)) {
            throw Refusal.of(
                    "config-invalid",
                    "この設定ファイルは " + meant + " 用です。mizuhiki " + meant + " で起動してください",
                    "This configuration is for " + meant + "; start it with mizuhiki " + meant);
        }
        // 3. the server itself
        var providers = choosing.await();
        var running = start(log);
        log.info(
                "{} listens on {} after {} ms; cryptography: {}",
                role,
                running.uri(),
                (System.nanoTime() - start) / 1_000_000,
                providers);
        Stopping.await(running, withParent);
    }

    /// What keeps a server from starting goes into its log with its cause: the operator has nothing else
    /// to look at.
    private RunningRole start(Logger log) {
        try {
            return role.equals(RouterConfig.ROLE)
                    ? RouterRole.start(RouterConfig.read(config), Clock.systemUTC(), new SecureRandom())
                    : Roles.start(RoleConfig.read(config), Clock.systemUTC(), new SecureRandom());
        } catch (RuntimeException e) {
            log.error("{} cannot start", role, e);
            throw e;
        }
    }
}
