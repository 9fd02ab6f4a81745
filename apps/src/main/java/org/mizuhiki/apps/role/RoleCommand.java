package org.mizuhiki.apps.role;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Refusal;
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

    @Option(
            names = "--first-boot",
            paramLabel = "PLACE",
            description = {
                "router: 初期設定のUSBメモリのフォルダー、ファイル、またはQRコードの画像（設定ファイルがまだなければ作る）",
                "router: a stick's folder, a file or a picture of a QR code, of which the configuration is made once"
            })
    @Nullable
    Path firstBoot;

    @Option(
            names = "--machine",
            paramLabel = "FILE",
            description = {
                "router: この機器のチップと回線（YAML）。既定は設定ファイルの隣の machine.yaml",
                "router: this machine's chip and lines (YAML); by default machine.yaml beside the configuration"
            })
    @Nullable
    Path machine;

    @Option(
            names = "--prepare",
            description = {
                "router: --first-boot から設定を作るだけで、起動しない",
                "router: make the configuration of --first-boot and end, without a start"
            })
    boolean prepare;

    @Option(names = "--with-parent", hidden = true)
    boolean withParent;

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (firstBoot != null || prepare) {
            takeFirstBoot();
        }
        if (!prepare) {
            new Serving(spec.name(), config, withParent).untilStopped();
        }
        return 0;
    }

    private void takeFirstBoot() {
        if (firstBoot == null || !spec.name().equals(RouterConfig.ROLE)) {
            throw Refusal.of(
                    "option-malformed",
                    "--first-boot と --prepare は router だけのもので、--prepare には --first-boot が必要です",
                    "--first-boot and --prepare are a router's only, and --prepare needs --first-boot");
        }
        var own = machine == null ? config.resolveSibling("machine.yaml") : machine;
        FirstBooting.prepare(config, own, firstBoot, Clock.systemUTC(), new SecureRandom());
    }
}
