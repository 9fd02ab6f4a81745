package org.mizuhiki.apps.command;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.pocket.DeviceAccount;
import org.mizuhiki.pocket.Region;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Making an account, and coming to it on another device.
final class AccountOpening {
    private AccountOpening() {}

    /// With the keys of this device.
    @Command(
            name = "create",
            description = {"この端末の鍵でアカウントを作り、パスワードを決める", "Make an account with this device's keys, and set its password"
            },
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class Create implements Callable<Integer> {
        @Mixin
        private final AccountOptions options = new AccountOptions();

        @Option(
                names = "--anew",
                description = {
                    "すべてを失い窓口で登録し直したとき：前のアカウントを置き換える（元に戻せない）",
                    "everything was lost and you enrolled again: replaces the account before, for good"
                })
        private boolean anew;

        @Override
        public Integer call() throws Exception {
            var device = options.device;
            return device.useRegion((opened, _) -> {
                var accounts = Region.accounts(device.regionFile(), Optional.of(opened), device.clock, device.die);
                try (var password = options.password(true);
                        var passphrase = device.passphrase(false);
                        var account = DeviceAccount.create(opened, accounts, password, passphrase, anew)) {
                    options.output.tell(
                            new AccountOptions.Done(
                                    account.person().value(), device.folder().toString()),
                            "アカウントを作りました。次に「mizuhiki account add-code」で復旧コードを印刷してください\n"
                                    + "The account is made; print a recovery code next: mizuhiki account add-code");
                }
                return Exit.OK;
            });
        }
    }

    /// On a fresh device.
    @Command(
            name = "login",
            description = {
                "IDとパスワードだけで、この端末に鍵を持ってくる",
                "Bring your keys onto this device by ID and password, nothing else"
            },
            mixinStandardHelpOptions = true,
            footer = Exit.CODES)
    static final class Login implements Callable<Integer> {
        @Mixin
        private final AccountOptions options = new AccountOptions();

        @Option(names = "--id", required = true, paramLabel = "ID", description = "個人ID / your ID")
        @SuppressWarnings("NullAway.Init")
        private String id;

        @Override
        public Integer call() throws Exception {
            var person = new PersonId(id);
            try (var password = options.password(false);
                    var passphrase = options.device.passphraseOr(password);
                    var account = options.anonymous()
                            .logIn(person, password, DeviceAccount.seen(options.device.folder(), person))) {
                options.arrive(account, passphrase);
                AccountWays.tell(options.output, account.notices());
                AccountWays.tellGuessed(options.output, account);
            }
            return Exit.OK;
        }
    }
}
