package org.mizuhiki.apps.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.DeploymentModel;
import org.mizuhiki.vpn.Network;
import org.mizuhiki.vpn.Proposals;
import org.mizuhiki.vpn.Service;
import org.mizuhiki.vpn.ServiceType;
import org.mizuhiki.vpn.SubscriberPolicy.SiteNetwork;
import org.mizuhiki.vpn.UniformPolicy;
import org.mizuhiki.vpn.Zone;
import org.mizuhiki.wire.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Ready networks (seed 003, 9.1 to 9.5) and types of service (5.1): from them come the files that
/// `vpn uniform` and `vpn policy` sign. Nothing here speaks with a server.
@Command(
        name = "model",
        description = {
            "ネットワークのひな型（地域連携・保守・画像診断・病理）からポリシーのファイルを作る",
            "Make files of policies from ready networks: regional care, maintenance, images, pathology"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {
            VpnModel.Models.class,
            VpnModel.Services.class,
            VpnModel.Show.class,
            VpnModel.Uniform.class,
            VpnModel.Policy.class
        })
final class VpnModel {
    private VpnModel() {}

    /// A line of `--json` about what was written.
    record Written(String file) {}

    @Command(mixinStandardHelpOptions = true, footer = Exit.CODES)
    abstract static class Telling implements Callable<Integer> {
        @Mixin
        @SuppressWarnings("NullAway.Init") // picocli sets it
        Output output;

        abstract void tell() throws IOException;

        @Override
        public final Integer call() throws IOException {
            tell();
            return Exit.OK;
        }

        /// Never over a file that is there: it may have been changed by hand since.
        final void write(Path file, Object written) throws IOException {
            Files.write(file, Json.write(written).toArray(), StandardOpenOption.CREATE_NEW);
            output.tell(
                    new Written(file.toString()),
                    "作りました。内容を確かめ、直してから署名してください / written; look at it before you sign: " + file);
        }
    }

    @Command(
            name = "list",
            description = {"ひな型の一覧", "The models"})
    static final class Models extends Telling {
        @Override
        void tell() {
            DeploymentModel.all()
                    .forEach(m -> output.tell(m, "%-20s  %-5s  %s / %s".formatted(m.name(), m.seed(), m.ja(), m.en())));
        }
    }

    @Command(
            name = "services",
            description = {"サービスの種類の一覧", "The types of service"})
    static final class Services extends Telling {
        @Override
        void tell() {
            ServiceType.all()
                    .forEach(t -> output.tell(
                            t,
                            "%-20s  %-9s  %-18s  %s / %s"
                                    .formatted(
                                            t.service().name(),
                                            t.seed(),
                                            t.service().kind(),
                                            t.ja(),
                                            t.en())));
        }
    }

    @Command(
            name = "show",
            description = {"ひな型の役割・グループ・接続できる組", "A model's roles, groups, and who asks whom"})
    static final class Show extends Telling {
        @Parameters(paramLabel = "MODEL", description = "ひな型 / the model")
        @SuppressWarnings("NullAway.Init")
        private String model;

        @Override
        void tell() {
            var shown = DeploymentModel.of(model);
            if (output.json()) {
                output.row(shown);
                return;
            }
            output.tell(shown, "%s / %s（%s）".formatted(shown.ja(), shown.en(), shown.seed()));
            shown.roles()
                    .forEach(r -> output.tell(
                            r,
                            "  役割 / role  %-20s  %s / %s  グループ / groups %s  ゾーン / zones %s"
                                    .formatted(r.name(), r.ja(), r.en(), r.groups(), shown.zones(r.name()))));
            shown.uses()
                    .forEach(u -> output.tell(
                            u,
                            "  %s → %s  %s  %s%s"
                                    .formatted(
                                            u.asking(),
                                            u.asked(),
                                            u.service(),
                                            u.answer(),
                                            u.named() ? "  契約先のみ / contract partners" : "")));
        }
    }

    @Command(
            name = "uniform",
            description = {"統一ポリシーのファイルを作る（プロバイダ）", "Make the file of a uniform policy (provider)"})
    static final class Uniform extends Telling {
        @Parameters(arity = "1..*", paramLabel = "MODEL", description = "ひな型（複数可） / one model or several")
        @SuppressWarnings("NullAway.Init")
        private List<String> models;

        @Option(
                names = "--service",
                description = "加えるサービスの種類 / types of service beside them, in a group of their own name")
        private List<String> services = List.of();

        @Option(
                names = "--translation",
                defaultValue = "100.64.0.0/10",
                description = "重複するネットワークの見せ方 / where overlapping networks are shown (${DEFAULT-VALUE})")
        @SuppressWarnings("NullAway.Init")
        private String translation;

        @Option(names = "--out", required = true, description = "作るファイル / the file")
        @SuppressWarnings("NullAway.Init")
        private Path out;

        @Override
        void tell() throws IOException {
            Map<String, Service> all = new LinkedHashMap<>();
            Map<String, UniformPolicy.Group> groups = new LinkedHashMap<>();
            for (var name : models) {
                var model = DeploymentModel.of(name);
                model.services().forEach(s -> all.put(s.name(), s));
                model.groups().forEach(g -> groups.put(g.name(), g));
            }
            for (var name : services) {
                var type = type(name);
                all.put(name, type.service());
                groups.put(name, new UniformPolicy.Group(name, List.of(name)));
            }
            write(
                    out,
                    new VpnPapers.WrittenForAll(
                            Proposals.usual(),
                            List.copyOf(all.values()),
                            List.copyOf(groups.values()),
                            Network.parse(translation),
                            50));
        }

        private static ServiceType type(String name) {
            return ServiceType.all().stream()
                    .filter(t -> t.service().name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> Refusal.of(
                            "service-unknown",
                            "その種類のサービスはありません：" + name + "。mizuhiki vpn model services で確かめてください",
                            "There is no such type of service: " + name + "; see mizuhiki vpn model services"));
        }
    }

    @Command(
            name = "policy",
            description = {"ある役割の接続ポリシーのファイルを作る", "Make the file of a policy for a role"})
    static final class Policy extends Telling {
        @Parameters(index = "0", paramLabel = "MODEL", description = "ひな型 / the model")
        @SuppressWarnings("NullAway.Init")
        private String model;

        @Parameters(index = "1", paramLabel = "ROLE", description = "役割 / the role")
        @SuppressWarnings("NullAway.Init")
        private String role;

        @Option(names = "--router", required = true, description = "自院のVPN機器 / one's router")
        @SuppressWarnings("NullAway.Init")
        private String router;

        @Option(
                names = "--network",
                required = true,
                paramLabel = "ZONE=CIDR",
                description = "ゾーンのネットワーク 例 SECURE=192.168.1.0/24 / a zone's network")
        private Map<Zone, String> networks = Map.of();

        @Option(
                names = "--partner",
                converter = Arguments.Institution.class,
                description = "契約した相手の機関コード / a contract partner's code")
        private List<InstitutionCode> partners = List.of();

        @Option(names = "--approver", description = "依頼を承認する担当者のID / who agrees to requests")
        private List<String> approvers = List.of();

        @Option(names = "--out", required = true, description = "作るファイル / the file")
        @SuppressWarnings("NullAway.Init")
        private Path out;

        @Override
        void tell() throws IOException {
            var chosen = DeploymentModel.of(model);
            var missing = chosen.zones(role).stream()
                    .filter(z -> !networks.containsKey(z))
                    .map(Zone::name)
                    .collect(Collectors.joining(", "));
            if (!missing.isEmpty()) {
                throw Refusal.of(
                        "network-missing",
                        "この役割には次のゾーンのネットワークが要ります：" + missing + "（--network ゾーン=ネットワーク）",
                        "This role takes a network in each of these zones: " + missing + " (--network ZONE=CIDR)");
            }
            var rules = chosen.rules(
                    role, partners, approvers.stream().map(PersonId::new).toList());
            var given = networks.entrySet().stream()
                    .map(n -> new SiteNetwork(Network.parse(n.getValue()), n.getKey()))
                    .toList();
            write(out, new VpnPapers.Written(Member.Service.parse(router), given, rules));
        }
    }
}
