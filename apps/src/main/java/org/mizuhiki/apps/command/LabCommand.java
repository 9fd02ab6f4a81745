package org.mizuhiki.apps.command;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.mizuhiki.ike.NetworkSpace;
import org.mizuhiki.lab.Lab;
import org.mizuhiki.lab.SeedNetwork;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The seed's network on this machine; docs/flows/tunnel.md.
@Command(
        name = "lab",
        description = {
            "この機械の中に作る実験用のネットワーク（5拠点、本物のVPN）",
            "A network for trying, inside this machine: five sites, real tunnels"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {LabCommand.Up.class, LabCommand.Status.class, LabCommand.Down.class})
public final class LabCommand {
    /// A line of `--json`: a site, the namespaces of its router and of a host, that host's address, its
    /// tunnels.
    record Row(String site, String router, String host, String address, boolean nat, List<String> tunnels) {}

    /// What all three want to know and how they answer.
    abstract static class Verb implements Callable<Integer> {
        @Mixin
        final Output output = new Output();

        @Option(
                names = "--dir",
                paramLabel = "DIR",
                description = "ラボのフォルダー（既定 ${DEFAULT-VALUE}） / the lab's folder (default ${DEFAULT-VALUE})",
                defaultValue = "/run/mizuhiki-lab")
        @SuppressWarnings("NullAway.Init")
        Path folder;

        void show(Lab lab) {
            for (var site : lab.sites()) {
                var row = new Row(
                        site.name().toUpperCase(Locale.ROOT),
                        name(lab.router(site)),
                        name(lab.host(site)),
                        site.network().host(2).getHostAddress(),
                        site.behindNat(),
                        lab.tunnels(site));
                output.tell(
                        row,
                        "%s  %s%s  host %s  %s"
                                .formatted(
                                        row.site(),
                                        row.address(),
                                        row.nat() ? " (NAT)" : "",
                                        row.host(),
                                        String.join(" ", row.tunnels())));
            }
        }

        private static String name(NetworkSpace space) {
            return space.name().orElseThrow();
        }
    }

    @Command(
            name = "up",
            description = {
                "ネットワークを作り、BとA・C・D・EをVPNでつなぐ（管理者権限が必要）",
                "Build the network and connect B to A, C, D and E (needs root)"
            },
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class Up extends Verb {
        @Override
        public Integer call() {
            var die = new SecureRandom();
            var lab = Lab.up(folder, Lab.SEED, die);
            boolean connected = false;
            try {
                SeedNetwork.connect(lab, die);
                connected = true;
            } finally {
                if (!connected) {
                    lab.close();
                }
            }
            show(lab);
            var b = lab.host(lab.site("b")).name().orElseThrow();
            Stream.of(lab.site("a").network(), SeedNetwork.E_AS_SHOWN)
                    .forEach(n -> output.note("試す / try: ip netns exec " + b + " ping -c 3 "
                            + n.host(2).getHostAddress()));
            output.note("片付ける / clear: ./mizuhiki lab down");
            return Exit.OK;
        }
    }

    @Command(
            name = "status",
            description = {"拠点と確立しているVPNを表示する", "Show the sites and the tunnels that are up"},
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class Status extends Verb {
        @Override
        public Integer call() {
            show(Lab.find(folder));
            return Exit.OK;
        }
    }

    @Command(
            name = "down",
            description = {"ラボを跡形なく片付ける（異常終了の後でもよい）", "Remove the lab without a trace, also after a crash"},
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class Down extends Verb {
        @Override
        public Integer call() {
            Lab.find(folder).close();
            output.note("片付けました / cleared");
            return Exit.OK;
        }
    }
}
