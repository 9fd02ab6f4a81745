package org.mizuhiki.apps.command;

import java.util.Map;
import java.util.concurrent.Callable;
import org.mizuhiki.chip.NationalCard.Credential;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.EmergencyPermission;
import org.mizuhiki.pocket.EmergencyPermission.Followed;
import org.mizuhiki.pocket.EmergencyServers;
import org.mizuhiki.pocket.Pocket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Emergencies: what a patient allows, and what a professional opens by it.
@Command(
        name = "emergency",
        description = {
            "緊急時の開示：患者のカードと認定端末と鍵サーバがそろったときだけ開く。必ず台帳に残り、本人と後見人に知らされる",
            "Emergencies: open with the patient's card, an accredited terminal and the key server together; always"
                    + " logged, the person and the guardians are told"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {
            EmergencyCommand.Allow.class,
            EmergencyCommand.Follow.class,
            EmergencyCommand.Show.class,
            EmergencyCommand.End.class,
            EmergencyCommand.Remove.class,
            EmergencyOpen.class
        })
public final class EmergencyCommand {
    /// A line of `--json`.
    record Done(int letters, int leftOut) {}

    /// A line of `--json`.
    record Allowed(String until) {}

    /// A line of `--json`.
    record Row(String opening, String by, String institution, String reason, String at, String until, boolean open) {}

    /// What every command of the patient shares.
    @Command(mixinStandardHelpOptions = true, footer = Exit.CODES)
    abstract static class OfPatient implements Callable<Integer> {
        @Mixin
        private final DeviceOptions device = new DeviceOptions();

        @Mixin
        final Output output = new Output();

        abstract void with(EmergencyPermission permission, Pocket pocket) throws Exception;

        @Override
        public final Integer call() throws Exception {
            return device.usePocket(output, (opened, pocket) -> {
                var servers = EmergencyServers.over(device.regionFile(), opened, device.die);
                with(pocket.emergencyPermission(servers), pocket);
                return Exit.OK;
            });
        }

        final void tell(Followed followed) {
            tellLeftOut(followed.leftOut());
            output.tell(
                    new Done(followed.covered(), followed.leftOut().size()),
                    "緊急時に開けるようにした文書 / letters covered: " + followed.covered());
        }

        private void tellLeftOut(Map<Digest, Refusal> leftOut) {
            leftOut.forEach((letter, why) -> output.note("対象外 / left out: " + letter + " " + why.code()));
        }
    }

    /// On.
    @Command(
            name = "allow",
            description = {
                "緊急時の開示を許可する（カードの暗証番号が要る）。既定では許可されていない",
                "Allow it, with one's card and its PIN; without this nothing opens in an emergency"
            })
    static final class Allow extends OfPatient {
        @Mixin
        private final NationalCardOptions national = new NationalCardOptions();

        @Option(
                names = "--days",
                defaultValue = "1825",
                description = "有効日数（5年まで） / days it lasts, at most five years (${DEFAULT-VALUE})")
        private int days;

        @Override
        void with(EmergencyPermission permission, Pocket pocket) throws Exception {
            tell(national.opened(Credential.AUTHENTICATION, card -> permission.allow(card, Arguments.days(days))));
        }
    }

    /// Letters to come.
    @Command(
            name = "follow",
            description = {"新しく届いた文書も対象にする（定期的に実行）", "Cover letters that came since; run it now and then"})
    static final class Follow extends OfPatient {
        @Override
        void with(EmergencyPermission permission, Pocket pocket) {
            tell(permission.follow());
        }
    }

    /// Lists.
    @Command(
            name = "list",
            description = {"許可と、これまでの緊急開示", "What is allowed, and what was opened"})
    static final class Show extends OfPatient {
        @Override
        void with(EmergencyPermission permission, Pocket pocket) {
            var standing = permission.list();
            standing.access()
                    .ifPresentOrElse(
                            a -> output.tell(
                                    new Allowed(Arguments.when(a.until())),
                                    "許可 / allowed 〜" + Arguments.when(a.until())),
                            () -> output.note("許可していません / not allowed"));
            var names = new Names(pocket);
            standing.openings().forEach(o -> tell(o, names));
        }

        private void tell(EmergencyPermission.Opened opened, Names names) {
            var said = opened.statement();
            boolean open = EmergencyPermission.isOpen(
                    opened, java.time.Clock.systemUTC().instant());
            output.tell(
                    new Row(
                            opened.id().hex(),
                            said.by().value(),
                            said.institution().value(),
                            said.reason(),
                            Arguments.when(said.at()),
                            Arguments.when(said.until()),
                            open),
                    "%s%s  %s @%s  %s 〜%s  %s"
                            .formatted(
                                    open ? "＊ " : "   ",
                                    Arguments.when(said.at()),
                                    names.of(said.by()),
                                    said.institution(),
                                    said.reason(),
                                    Arguments.when(said.until()),
                                    opened.id()));
        }
    }

    /// One opening.
    @Command(
            name = "end",
            description = {"緊急開示を期限前に終わらせる", "End one opening before its time"})
    static final class End extends OfPatient {
        @Parameters(paramLabel = "OPENING", description = "一覧にある番号 / as listed", converter = Arguments.Name.class)
        @SuppressWarnings("NullAway.Init")
        private Digest opening;

        @Override
        void with(EmergencyPermission permission, Pocket pocket) {
            permission.end(opening);
            output.note("終わらせました / ended");
        }
    }

    /// Off.
    @Command(
            name = "remove",
            description = {"緊急時の許可を取り消す（進行中の開示も終わる）", "Take it back; what is open ends, too"})
    static final class Remove extends OfPatient {
        @Override
        void with(EmergencyPermission permission, Pocket pocket) {
            output.note(permission.remove() ? "取り消しました / removed" : "許可はありませんでした / nothing was allowed");
        }
    }
}
