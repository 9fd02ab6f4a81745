package org.mizuhiki.apps.role;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `mizuhiki <role> --config FILE`: one server process, until it is asked to stop.
@Command(
        mixinStandardHelpOptions = true,
        description = {"サーバーを1つ動かします（止めるまで動き続けます）。", "Runs one server until it is stopped."})
public final class RoleCommand implements Callable<Integer> {
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
        new Serving(spec.name(), config, withParent).untilStopped();
        return 0;
    }
}
