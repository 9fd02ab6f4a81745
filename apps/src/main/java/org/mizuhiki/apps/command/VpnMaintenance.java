package org.mizuhiki.apps.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.vpn.Declarations.Said;
import org.mizuhiki.vpn.MaintenanceAgreement;
import org.mizuhiki.vpn.MaintenanceContract;
import org.mizuhiki.vpn.MaintenanceWork;
import org.mizuhiki.wire.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Remote maintenance: what both sides agree to, what a technician signs, and who did what.
final class VpnMaintenance {
    private VpnMaintenance() {}

    /// As it is written by hand, one file for both sides; signer, times and nonce come from the command.
    ///
    /// @param windows when maintenance may be done; only the customer signs them
    record Written(MaintenanceContract contract, List<MaintenanceAgreement.Window> windows) {
        Written {
            windows = List.copyOf(windows);
        }
    }

    /// What a technician is about to do.
    record Job(PersonId technician, Duration longest, String purpose, String nonce) {}

    /// The technician signs for the work under the contract between these two routers.
    ///
    /// @throws Refusal `agreement-missing`
    static void sign(CentreCommand.AtCentre at, String from, String to, String service, Job job) {
        var contract = at.desk().declarations().stream()
                .map(signed -> at.declarations().check(signed))
                .filter(s -> s.declaration() instanceof MaintenanceAgreement)
                .map(s -> s.as(MaintenanceAgreement.class))
                .map(Said::declaration)
                .filter(a -> a.by().equals(at.code()) && a.stands(at.now()))
                .map(MaintenanceAgreement::contract)
                .filter(c -> c.maintainer().router().identity().equals(from)
                        && c.customer().router().identity().equals(to)
                        && c.service().equals(service)
                        && c.technicians().contains(job.technician()))
                .findFirst()
                .orElseThrow(() -> Refusal.of(
                        "agreement-missing",
                        "この作業者の名前のある保守契約に、自社の署名がありません。先に vpn agreement で署名してください",
                        "One's company has signed no maintenance contract with this technician; 'vpn agreement' does"));
        var now = at.now();
        at.declare(new MaintenanceWork(
                at.code(),
                now,
                now.plus(job.longest()),
                job.nonce(),
                job.technician(),
                contract.customer().router(),
                contract.id(),
                job.purpose()));
    }

    /// Signs and files one side's agreement.
    @Command(
            name = "agreement",
            description = {
                "保守契約とプライバシーポリシーの交換に署名して登録する（双方が同じファイルに署名する）",
                "Sign and file a maintenance contract with both sides' privacy policies; both sides sign the same file"
            })
    static final class Agreement extends VpnPapers.Declaring {
        @Parameters(paramLabel = "FILE", description = "契約と時間 (JSON) / contract and windows")
        @SuppressWarnings("NullAway.Init")
        private Path file;

        @Option(
                names = "--privacy-policy",
                paramLabel = "FILE",
                description = "自機関のプライバシーポリシーの文書。契約の記載と一致しなければ署名しない / own policy's document, held to the contract")
        private @Nullable Path document;

        @Option(
                names = "--days",
                defaultValue = "365",
                description = "有効日数。0で終了 / days it lasts; 0 ends it (${DEFAULT-VALUE})")
        private int days;

        @Override
        void with(AtCentre at) throws IOException {
            var written = Json.read(VpnPapers.read(file), Written.class);
            var contract = written.contract();
            boolean customers =
                    at.code().value().equals(contract.customer().router().subscriber());
            var own = customers ? contract.customer() : contract.maintainer();
            if (document != null && !VpnPapers.read(document).sha256().equals(own.privacyPolicy())) {
                throw Refusal.of(
                        "privacy-policy-other",
                        "契約に書かれたプライバシーポリシーと、この文書が一致しません",
                        "The contract names another privacy policy than this document");
            }
            var now = at.now();
            filed(at.declare(new MaintenanceAgreement(
                    at.code(),
                    now,
                    days == 0 ? now : now.plus(Arguments.days(days)),
                    nonce(),
                    contract,
                    customers ? written.windows() : List.of())));
        }
    }

    /// Who did what, and when.
    @Command(
            name = "maintenance",
            description = {"リモート保守の記録（誰が・いつ・何を）", "Remote maintenance: who, when, what"})
    static final class History extends CentreCommand {
        @Override
        void with(AtCentre at) {
            var all = at.desk().maintained();
            output.noteIfNone(all);
            for (var m : all) {
                output.tell(
                        m,
                        "%s  %s  %s  %s  %s → %s  %s - %s  %s"
                                .formatted(
                                        m.connection(),
                                        m.contract(),
                                        m.technician(),
                                        m.purpose(),
                                        m.asking(),
                                        m.asked(),
                                        Arguments.when(m.since()),
                                        m.ended().map(Arguments::when).orElse(""),
                                        m.reason().orElse("接続中 running")));
            }
        }
    }
}
