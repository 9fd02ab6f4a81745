package org.mizuhiki.apps.command;

import org.mizuhiki.registration.Party;
import org.mizuhiki.registration.Registry;
import org.mizuhiki.registration.Step;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What people of an institution decide about an application, and what they take back.
final class RegisterAnswers {
    private RegisterAnswers() {}

    /// a), g)
    @Command(
            name = "approve",
            description = {"加入申請・利用申請を承認する（提供者）", "Approve the application that waits (provider)"})
    static final class Approve extends FileCommand {
        @Option(names = "--reason", defaultValue = "審査済み", description = "理由 / why (${DEFAULT-VALUE})")
        @SuppressWarnings("NullAway.Init")
        private String reason;

        @Override
        Registry.Filed step(Party by) {
            return by.answer(file, true, reason);
        }
    }

    /// Whatever waits.
    @Command(
            name = "refuse",
            description = {"待っている申請・依頼を断る", "Say no to what waits for one's institution"})
    static final class Refuse extends FileCommand {
        @Option(names = "--reason", required = true, description = "理由 / why")
        @SuppressWarnings("NullAway.Init")
        private String reason;

        @Override
        Registry.Filed step(Party by) {
            return by.refuse(file, reason);
        }
    }

    /// Ends, with the certificates.
    @Command(
            name = "withdraw",
            description = {
                "サービスまたは機器を取り消す（証明書は失効する）",
                "Withdraw the service, or the device with it; certificates are revoked"
            })
    static final class Withdraw extends FileCommand {
        @Option(
                names = "--part",
                required = true,
                description = "service（サービスだけ）または device（機器ごと全て） / service alone, or device: all of it",
                converter = Arguments.AsPart.class)
        @SuppressWarnings("NullAway.Init")
        private Step.Withdrawal.Part part;

        @Option(names = "--reason", required = true, description = "理由 / why")
        @SuppressWarnings("NullAway.Init")
        private String reason;

        @Override
        Registry.Filed step(Party by) {
            return by.next(file, new Step.Withdrawal(part, reason));
        }
    }
}
