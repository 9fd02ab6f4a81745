package org.mizuhiki.apps.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.account.Accounts;
import org.mizuhiki.account.Guardians;
import org.mizuhiki.account.PersonAccount;
import org.mizuhiki.account.RecoveryCode;
import org.mizuhiki.account.Seen;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.DeviceAccount;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.wire.Json;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Back to one's account without the password, on a device without any key.
final class AccountRecovery {
    private static final int MAX_ASKED = 8192;

    private AccountRecovery() {}

    /// What this device keeps of a recovery that it asked for: a file of mode 0600.
    ///
    /// @param seed of the key to which guardians close their shares
    record Asked(PersonId person, Digest recovery, Bytes secret, Bytes seed) {}

    static Path file(AccountOptions options) {
        return options.device.folder().resolve("recovery.json");
    }

    private static Asked asked(Path file) throws java.io.IOException {
        if (!Files.exists(file) || Files.size(file) > MAX_ASKED) {
            throw Refusal.of(
                    "option-missing",
                    "この端末から後見人への申し込みがありません。先に「mizuhiki account ask」を実行してください",
                    "Nothing was asked from this device; run 'mizuhiki account ask' first");
        }
        return Json.read(Bytes.of(Files.readAllBytes(file)), Asked.class);
    }

    /// Sets another password with what is left.
    @Command(
            name = "recover",
            description = {
                "パスワードを忘れたとき：復旧コード、カード、または後見人の承認で開き、新しいパスワードを決める",
                "The password is forgotten: open by recovery code, card or guardians, and set another"
            },
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class Recover implements Callable<Integer> {
        @Mixin
        private final AccountOptions options = new AccountOptions();

        @Mixin
        private final NationalCardOptions national = new NationalCardOptions();

        @Option(names = "--id", required = true, paramLabel = "ID", description = "個人ID / your ID")
        @SuppressWarnings("NullAway.Init")
        private String id;

        @ArgGroup(multiplicity = "1")
        @SuppressWarnings("NullAway.Init")
        private By by;

        /// One of these.
        static final class By {
            @Option(names = "--code", description = "復旧コードを入力する / by recovery code, at a prompt")
            private boolean code;

            @Option(names = "--code-file", paramLabel = "FILE", description = "復旧コードのファイル / a file with the code")
            private @Nullable Path codeFile;

            @Option(names = "--national-card", description = "マイナンバーカードで / by national ID card")
            private boolean card;

            @Option(names = "--guardians", description = "後見人の承認で（account ask の後） / by guardians, after account ask")
            private boolean guardians;
        }

        @Override
        public Integer call() throws Exception {
            var person = new PersonId(id);
            try (var account = opened(person)) {
                try (var password = options.password(true)) {
                    account.setPassword(password);
                    try (var passphrase = options.device.passphraseOr(password)) {
                        options.arrive(account, passphrase);
                    }
                }
                AccountWays.tell(options.output, account.notices());
            }
            Files.deleteIfExists(file(options));
            return Exit.OK;
        }

        private PersonAccount opened(PersonId person) throws Exception {
            var accounts = options.anonymous();
            var seen = DeviceAccount.seen(options.device.folder(), person);
            if (by.guardians) {
                var asked = asked(file(options));
                var key = new Seals(options.device.die)
                        .readerKey(Secret.taking(asked.seed().toArray()));
                return recovered(accounts, asked, key, seen);
            }
            if (by.card) {
                try (var signature = national.signature(person)) {
                    return accounts.enter(person, signature.way(), seen);
                }
            }
            try (var typed = new SecretLine("復旧コード", "recovery code", "--code-file")
                            .of(by.code ? null : by.codeFile, false);
                    var code = RecoveryCode.read(typed)) {
                return accounts.enter(person, code, seen);
            }
        }

        private PersonAccount recovered(Accounts accounts, Asked asked, Opener.XWing key, Seen seen) {
            var device = options.device;
            try (var region = Region.connect(device.regionFile(), Optional.empty(), device.clock, device.die)) {
                var identity = DeviceAccount.guardians(region.region().validator(), device.clock);
                return accounts.recover(asked.person(), asked.recovery(), asked.secret(), key, identity, seen);
            }
        }
    }

    /// The person and all guardians are told.
    @Command(
            name = "ask",
            description = {
                "後見人に復旧を頼む。表示される番号を電話で後見人に伝える",
                "Ask your guardians for recovery; read them the code that is shown, by telephone"
            },
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class Ask implements Callable<Integer> {
        @Mixin
        private final AccountOptions options = new AccountOptions();

        @Option(names = "--id", required = true, paramLabel = "ID", description = "個人ID / your ID")
        @SuppressWarnings("NullAway.Init")
        private String id;

        /// A line of `--json`.
        record Row(String recovery, String code, String opens) {}

        @Override
        public Integer call() throws Exception {
            var person = new PersonId(id);
            Opener.XWing key = new Seals(options.device.die).newReaderKey();
            var begun = options.anonymous().askGuardians(person, key);
            Files.createDirectories(options.device.folder());
            LetterOpen.write(
                    file(options),
                    Json.write(new Asked(
                            person, begun.id(), begun.secret(), key.seed().lend(Bytes::of))));
            options.device.regionFile().write(options.device.folder().resolve("region.json"));
            var code = Guardians.code(person, key.publicKey());
            options.output.tell(
                    new Row(begun.id().hex(), code, Arguments.when(begun.opens())),
                    "後見人に伝える番号 / tell your guardians: " + code + "\n"
                            + Arguments.when(begun.opens())
                            + " 以降に「account recover --guardians」 / from then on: account recover --guardians");
            return Exit.OK;
        }
    }
}
