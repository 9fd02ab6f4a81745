package org.mizuhiki.apps.command;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.account.Accounts;
import org.mizuhiki.account.PersonAccount;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.Device;
import org.mizuhiki.pocket.DeviceAccount;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.seal.Seals;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What account commands share: the device, and passwords that are never on a command line.
final class AccountOptions {
    private static final SecretLine PASSWORD = new SecretLine("パスワード", "password", "--password-file");

    @Mixin
    final DeviceOptions device = new DeviceOptions();

    @Mixin
    final Output output = new Output();

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = {
                "パスワードを1行目に書いたファイル。/dev/stdin や /dev/fd/3 も可（省略時は入力を求める）",
                "a file whose first line is the password, also /dev/stdin or /dev/fd/3 (default: a prompt)"
            })
    private @Nullable Path passwordFile;

    /// @param fresh asked twice at a prompt
    Secret password(boolean fresh) {
        return PASSWORD.of(passwordFile, fresh);
    }

    /// What is done with the account that this device's own keys open.
    @FunctionalInterface
    interface Use {
        void with(PersonAccount account, Device device, Region region, Secret passphrase) throws Exception;
    }

    int use(Use use) throws Exception {
        return device.useRegion((opened, region) -> {
            var accounts = Region.accounts(device.regionFile(), Optional.of(opened), device.clock, device.die);
            try (var passphrase = device.passphrase(false);
                    var account = DeviceAccount.open(opened, accounts, passphrase)) {
                use.with(account, opened, region, passphrase);
                DeviceAccount.remember(opened.folder(), account, passphrase, new Seals(device.die));
            }
            return Exit.OK;
        });
    }

    /// On a device without keys.
    Accounts anonymous() {
        Crypto.choose();
        return Region.accounts(device.regionFile(), Optional.empty(), device.clock, device.die);
    }

    /// Brings the account's keys onto this device, closed under its passphrase: another one if it was
    /// named, else the password itself, so that a person needs no more than that.
    void arrive(PersonAccount account, Secret passphrase) throws Exception {
        var file = device.regionFile();
        try (var card = device.card();
                var connection = Region.connect(file, Optional.empty(), device.clock, device.die);
                var arrived = DeviceAccount.arrive(
                        device.folder(),
                        account,
                        passphrase,
                        new Seals(device.die),
                        connection.region().validator(),
                        device.clock,
                        card.signing())) {
            file.write(device.folder().resolve("region.json"));
            output.tell(
                    new Done(arrived.id().value(), device.folder().toString()),
                    "この端末で使えます / ready on this device: " + arrived.id());
        }
    }

    /// A line of `--json`.
    record Done(String id, String device) {}
}
