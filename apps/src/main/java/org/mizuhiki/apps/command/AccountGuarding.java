package org.mizuhiki.apps.command;

import java.net.URI;
import java.util.concurrent.Callable;
import org.mizuhiki.account.Guardians;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.Recoveries;
import org.mizuhiki.keys.RemoteRecoveries;
import org.mizuhiki.pocket.Device;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.wire.Peers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Being somebody's guardian.
final class AccountGuarding {
    private AccountGuarding() {}

    /// A line of `--json`.
    record Row(String recovery, String person, String asked, String opens, boolean approved) {}

    /// What both commands share.
    @Command(mixinStandardHelpOptions = true, footer = Exit.CODES)
    abstract static class OfGuardian implements Callable<Integer> {
        @Mixin
        final DeviceOptions device = new DeviceOptions();

        @Mixin
        final Output output = new Output();

        abstract void with(Device guardian, Recoveries recoveries);

        @Override
        public final Integer call() throws Exception {
            return device.useRegion((opened, region) -> {
                var identity = opened.identity(region.trust().roots());
                var keys = URI.create(device.regionFile().keys());
                with(opened, new RemoteRecoveries(Peers.connect(keys, identity, device.die)));
                return Exit.OK;
            });
        }
    }

    /// Who asks.
    @Command(name = "guarding", description = "自分が後見人として頼まれている復旧 / recoveries that you are asked to approve")
    static final class Requests extends OfGuardian {
        @Override
        void with(Device guardian, Recoveries recoveries) {
            var asked = recoveries.asked(guardian.id());
            output.noteIfNone(asked);
            asked.forEach(a -> output.tell(
                    new Row(
                            a.id().hex(),
                            a.person().value(),
                            Arguments.when(a.at()),
                            Arguments.when(a.opens()),
                            a.approved()),
                    a.id() + "  " + a.person() + "  " + Arguments.when(a.at())
                            + (a.approved() ? "  承認済み / approved" : "")));
        }
    }

    /// After a call with the person.
    @Command(
            name = "approve",
            description = {
                "本人に電話などで番号を確かめてから、復旧を承認する",
                "Approve a recovery, after the person has read you the code by telephone"
            })
    static final class Approve extends OfGuardian {
        @Parameters(
                paramLabel = "RECOVERY",
                description = "一覧にある識別子 / its name in the list",
                converter = Arguments.Name.class)
        @SuppressWarnings("NullAway.Init")
        private Digest recovery;

        @Option(
                names = "--code",
                required = true,
                paramLabel = "CODE",
                description = "本人が読み上げた番号 / the code the person said")
        @SuppressWarnings("NullAway.Init")
        private String code;

        @Override
        void with(Device guardian, Recoveries recoveries) {
            var asked = recoveries.asked(guardian.id()).stream()
                    .filter(a -> a.id().equals(recovery))
                    .findFirst()
                    .orElseThrow(() -> Refusal.of(
                            "recovery-unknown", "この復旧の申し込みはありません", "There is no such recovery, or it is not yours"));
            var author = guardian.author();
            var approval =
                    Guardians.approve(asked, guardian.id(), code, guardian.opener(), author, new Seals(device.die));
            recoveries.approve(guardian.id(), author.certificate(), approval);
            output.note("承認しました / approved");
        }
    }
}
