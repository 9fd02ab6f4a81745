package org.mizuhiki.apps.role;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mizuhiki <role> --config FILE`: one server process, until it is asked to stop.
@Command(
        mixinStandardHelpOptions = true,
        description = {"サーバーを1つ動かします（止めるまで動き続けます）。", "Runs one server until it is stopped."})
public final class RoleCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RoleCommand.class);

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = {"設定ファイル（YAML）", "configuration file (YAML)"})
    @SuppressWarnings("NullAway.Init")
    Path config;

    @Option(names = "--with-parent", hidden = true)
    boolean withParent;

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        long start = System.nanoTime();
        var read = RoleConfig.read(config);
        if (!read.role().equals(spec.name())) {
            throw Refusal.of(
                    "config-invalid",
                    "この設定ファイルは " + read.role() + " 用です。mizuhiki " + read.role() + " で起動してください",
                    "This configuration is for " + read.role() + "; start it with mizuhiki " + read.role());
        }
        var providers = Crypto.choose();
        var role = start(read);
        LOG.info(
                "{} listens on {} after {} ms; cryptography: {}",
                read.role(),
                role.uri(),
                (System.nanoTime() - start) / 1_000_000,
                providers);
        Stopping.await(role, withParent);
        return 0;
    }

    /// What keeps a server from starting goes into its log with its cause: the operator has nothing else
    /// to look at.
    private static RunningRole start(RoleConfig config) {
        try {
            return Roles.start(config, Clock.systemUTC(), new SecureRandom());
        } catch (RuntimeException e) {
            LOG.error("{} cannot start", config.role(), e);
            throw e;
        }
    }
}
