package org.mizuhiki.apps.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.Approval;
import org.mizuhiki.vpn.Membership;
import org.mizuhiki.vpn.Network;
import org.mizuhiki.vpn.Proposals;
import org.mizuhiki.vpn.Service;
import org.mizuhiki.vpn.SubscriberPolicy;
import org.mizuhiki.vpn.UniformPolicy;
import org.mizuhiki.wire.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What is signed: policies, memberships, approvals.
final class VpnPapers {
    private static final long MAX_FILE = 256 << 10;

    private VpnPapers() {}

    /// A line of `--json`.
    record Filed(String id) {}

    static Bytes read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE) {
            throw Refusal.of("option-malformed", "ファイルが大きすぎます（256 KBまで）", "The file is too large: at most 256 KB");
        }
        return Bytes.of(Files.readAllBytes(file));
    }

    /// Of a declaration that was filed.
    abstract static class Declaring extends CentreCommand {
        final void filed(Digest id) {
            output.tell(new Filed(id.hex()), "署名して登録しました / signed and filed: " + id);
        }
    }

    /// A subscriber's policy as it is written by hand; signer, times and nonce come from the command.
    record Written(
            Member.Service router, List<SubscriberPolicy.SiteNetwork> networks, List<SubscriberPolicy.Rule> rules) {
        Written {
            networks = List.copyOf(networks);
            rules = List.copyOf(rules);
        }
    }

    /// The provider's, likewise.
    record WrittenForAll(
            Proposals proposals,
            List<Service> services,
            List<UniformPolicy.Group> groups,
            Network translation,
            int mostConnections) {
        WrittenForAll {
            services = List.copyOf(services);
            groups = List.copyOf(groups);
        }
    }

    /// Signs and files one, or shows what counts.
    @Command(
            name = "policy",
            description = {
                "自院の接続ポリシーに署名して登録する。ファイルを指定しなければ今のポリシーを表示する",
                "Sign and file one's policy; without a file, show what counts"
            })
    static final class Policy extends Declaring {
        @Parameters(arity = "0..1", paramLabel = "FILE", description = "ポリシー (JSON) / the policy")
        private @Nullable Path file;

        @Option(names = "--days", defaultValue = "365", description = "有効日数 / days it lasts (${DEFAULT-VALUE})")
        private int days;

        @Override
        void with(AtCentre at) throws IOException {
            if (file == null) {
                show(at);
                return;
            }
            var written = Json.read(read(file), Written.class);
            var now = at.now();
            filed(at.declare(new SubscriberPolicy(
                    at.code(),
                    now,
                    now.plus(Arguments.days(days)),
                    nonce(),
                    written.router(),
                    written.networks(),
                    written.rules())));
        }

        private void show(AtCentre at) {
            var all = at.desk().declarations();
            output.noteIfNone(all);
            for (var signed : all) {
                var said = at.declarations().check(signed);
                output.tell(
                        said.declaration(),
                        "%s  %s  %s まで / until  %s"
                                .formatted(
                                        said.declaration().kind(),
                                        said.declaration().by(),
                                        Arguments.when(said.declaration().until()),
                                        said.declaration().subject()));
            }
        }
    }

    /// The provider's policy for all.
    @Command(
            name = "uniform",
            description = {"統一ポリシーに署名して登録する（プロバイダ）", "Sign and file the uniform policy (provider)"})
    static final class Uniform extends Declaring {
        @Parameters(paramLabel = "FILE", description = "ポリシー (JSON) / the policy")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Option(names = "--days", defaultValue = "365", description = "有効日数 / days it lasts (${DEFAULT-VALUE})")
        private int days;

        @Override
        void with(AtCentre at) throws IOException {
            var written = Json.read(read(file), WrittenForAll.class);
            var now = at.now();
            filed(at.declare(new UniformPolicy(
                    at.code(),
                    now,
                    now.plus(Arguments.days(days)),
                    nonce(),
                    written.proposals(),
                    written.services(),
                    written.groups(),
                    written.translation(),
                    written.mostConnections())));
        }
    }

    /// Who is in a group.
    @Command(
            name = "group",
            description = {"機器をグループに入れる、または外す（プロバイダ）", "Put a router into a group, or take it out (provider)"})
    static final class Group extends Declaring {
        @Parameters(index = "0", paramLabel = "GROUP", description = "グループ名 / the group")
        @SuppressWarnings("NullAway.Init")
        private String group;

        @Parameters(index = "1", paramLabel = "ROUTER", description = "VPN機器 / the router")
        @SuppressWarnings("NullAway.Init")
        private String router;

        @Option(names = "--out", description = "外す / take it out")
        private boolean out;

        @Option(names = "--days", defaultValue = "365", description = "有効日数 / days it lasts (${DEFAULT-VALUE})")
        private int days;

        @Override
        void with(AtCentre at) {
            var now = at.now();
            var until = out ? now : now.plus(Arguments.days(days));
            filed(at.declare(new Membership(at.code(), now, until, nonce(), group, Member.Service.parse(router))));
        }
    }

    /// What waits for a person.
    @Command(
            name = "waiting",
            description = {"自院の承認を待つ接続依頼", "Requests that wait for somebody of one's institution"})
    static final class Waiting extends CentreCommand {
        @Override
        void with(AtCentre at) {
            var all = at.desk().waiting();
            output.noteIfNone(all);
            for (var w : all) {
                output.tell(
                        w,
                        "%s  %s → %s  %s  %d 分 / minutes"
                                .formatted(
                                        w.request(),
                                        w.asking(),
                                        w.asked(),
                                        w.service(),
                                        w.longest().toMinutes()));
            }
        }
    }

    /// A person's answer.
    @Command(
            name = "approve",
            description = {"接続依頼を承認する（--no で断る）", "Agree to a request, or not (--no)"})
    static final class Approve extends Declaring {
        @Parameters(paramLabel = "REQUEST", description = "依頼の番号 / the request", converter = Arguments.Name.class)
        @SuppressWarnings("NullAway.Init")
        private Digest request;

        @Option(names = "--no", description = "断る / say no")
        private boolean no;

        @Option(names = "--hours", defaultValue = "24", description = "承認の有効時間 / how long it counts (${DEFAULT-VALUE})")
        private int hours;

        @Override
        void with(AtCentre at) {
            if (!(at.self() instanceof Member.Professional person)) {
                throw Refusal.of("approval-not-personal", "承認は担当者本人の鍵で行ってください", "An approval takes a person's own key");
            }
            if (hours < 1 || hours > Approval.LONGEST.toHours()) {
                throw Refusal.of("option-malformed", "時間は1〜744で指定してください", "Hours must be 1 to 744");
            }
            var now = at.now();
            filed(at.declare(new Approval(
                    at.code(), now, now.plus(Duration.ofHours(hours)), nonce(), person.id(), request, !no)));
        }
    }
}
