package org.mizuhiki.pocket;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.mizuhiki.account.Accounts;
import org.mizuhiki.account.Guardians;
import org.mizuhiki.account.PersonAccount;
import org.mizuhiki.account.Seen;
import org.mizuhiki.chip.SigningCard;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.pocket.keyring.AccountFile;
import org.mizuhiki.pocket.keyring.Keyring;
import org.mizuhiki.pocket.keyring.KeyringFile;
import org.mizuhiki.pocket.keyring.OwnKeys;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Validator;

/// A device and the account it belongs to (docs/flows/account.md): the keyring goes there closed, and comes
/// from there onto other devices of the same person.
public final class DeviceAccount {
    private static final String FILE = "account";

    /// Whose device it is, in the clear: asked before a log-in replaces what is there.
    private static final String OWNER = "owner";

    /// The numbers of [Seen] in the clear: nothing about them is secret.
    private static final String SEEN = "account.seen";

    /// There while the keyring of this device is newer than what the account was told.
    private static final String UNSHARED = "keyring.unshared";

    private DeviceAccount() {}

    /// Whether this device belongs to an account.
    public static boolean has(Device device) {
        return Files.exists(device.folder().resolve(FILE));
    }

    private static AccountFile at(Path folder, Seals seals) {
        return new AccountFile(folder.resolve(FILE), seals.boxes());
    }

    /// Makes the person's account with this device's keyring.
    ///
    /// @param anew see [Accounts#create]
    public static PersonAccount create(
            Device device, Accounts accounts, Secret password, Secret passphrase, boolean anew) {
        try (var keyring = device.keyring().encode()) {
            var account = accounts.create(device.id(), password, copy(keyring), anew);
            remember(device.folder(), account, passphrase, accounts.seals());
            return account;
        }
    }

    /// The account as this device's certificate and master key open it.
    ///
    /// @throws Refusal `account-not-here`, `account-rekeyed`
    public static PersonAccount open(Device device, Accounts accounts, Secret passphrase) {
        if (!has(device)) {
            throw Refusal.of(
                    "account-not-here",
                    "この端末はアカウントに入っていません。「mizuhiki account create」または「account login」を実行してください",
                    "This device belongs to no account; run 'mizuhiki account create' or 'account login'");
        }
        var kept = at(device.folder(), accounts.seals()).read(device.id(), passphrase);
        return accounts.resume(kept.master(), kept.seen());
    }

    /// What this folder remembers of the person's account, so that servers which go back in time are
    /// noticed, also by whoever forgot password and passphrase; nothing on a fresh device, or one of
    /// somebody else's.
    public static Seen seen(Path folder, PersonId person) {
        var file = folder.resolve(SEEN);
        if (!isOf(folder, person) || !Files.exists(file)) {
            return Seen.NOTHING;
        }
        var numbers = ByteBuffer.wrap(Disk.read(file, 2 * Long.BYTES));
        return numbers.remaining() == 2 * Long.BYTES ? new Seen(numbers.getLong(), numbers.getLong()) : Seen.NOTHING;
    }

    private static boolean isOf(Path folder, PersonId person) {
        var owner = folder.resolve(OWNER);
        return Files.exists(owner) && Bytes.of(Disk.read(owner, 64)).asUtf8().equals(person.value());
    }

    /// By what this device checks guardians' certificates.
    public static Guardians.Identity guardians(Validator validator, Clock clock) {
        return chain -> Device.person(validator.check(chain, Validator.Purpose.SIGN_RECORD, clock.instant()));
    }

    /// Keeps master key and numbers on this device.
    public static void remember(Path folder, PersonAccount account, Secret passphrase, Seals seals) {
        Disk.write(folder.resolve(OWNER), Bytes.utf8(account.person().value()).toArray());
        var seen = account.seen();
        at(folder, seals).write(account.master(), seen, passphrase);
        var numbers =
                ByteBuffer.allocate(2 * Long.BYTES).putLong(seen.account()).putLong(seen.keyring());
        Disk.write(folder.resolve(SEEN), numbers.array());
    }

    /// Brings the keyring of an account onto this device. A device of somebody else in the same folder is
    /// not touched.
    ///
    /// @param card of a person whose signing key is on one
    /// @throws Refusal `device-exists`, `certificate-not-mine`, `card-needed`, those of [Validator]
    public static Device arrive(
            Path folder,
            PersonAccount account,
            Secret passphrase,
            Seals seals,
            Validator validator,
            Clock clock,
            Optional<SigningCard> card) {
        var keyring = account.keyring(k -> Keyring.decode(k, card));
        // 1. it is this person's, from this region
        mustBeOf(account.person(), keyring, validator, clock);
        // 2. on this disk, closed under the passphrase
        mustBeMine(Disk.folder(folder), account.person());
        new OwnKeys(folder).add(keyring.chain().getFirst().getPublicKey());
        new KeyringFile(folder.resolve("keyring"), seals.boxes()).write(keyring, passphrase);
        remember(folder, account, passphrase, seals);
        return Device.of(folder, keyring, card);
    }

    /// A certificate that has just expired is renewed afterwards.
    private static void mustBeOf(PersonId person, Keyring keyring, Validator validator, Clock clock) {
        var when = earlier(clock.instant(), ends(keyring));
        var member = validator.check(keyring.chain(), Validator.Purpose.SIGN_RECORD, when);
        if (!Device.person(member).equals(person) || !keyring.id().equals(person)) {
            throw Device.notMine();
        }
    }

    private static java.time.Instant earlier(java.time.Instant now, java.time.Instant end) {
        return now.isBefore(end) ? now : end.minusSeconds(1);
    }

    private static void mustBeMine(Path folder, PersonId person) {
        boolean free = !Files.exists(folder.resolve("keyring"));
        if (!free && !isOf(folder, person)) {
            throw Refusal.of(
                    "device-exists",
                    "このフォルダーにはすでに端末が登録されています。別のフォルダーを指定してください",
                    "A device is enrolled in this folder already; choose another folder");
        }
    }

    /// Before a renewal: from here until [#share] the account has to be told.
    static void unshared(Device device) {
        if (has(device)) {
            Disk.write(device.folder().resolve(UNSHARED));
        }
    }

    static boolean isUnshared(Device device) {
        return Files.exists(device.folder().resolve(UNSHARED));
    }

    /// Joins this device's keyring with the account's: whichever certificate ends later stays, on both
    /// sides. The sealing key has to be the same, so nothing is lost with the other: whoever found a way
    /// into the account must not be able to wipe it from all devices by a keyring with a later date.
    ///
    /// @return this device with what it holds now
    /// @throws Refusal `certificate-not-mine`, those of [Validator]; this device's keyring stays then
    static Device share(
            Device device, PersonAccount account, Secret passphrase, Seals seals, Validator validator, Clock clock) {
        var card = device.card();
        var newest = account.keyring(k -> Keyring.decode(k, card));
        var mine = device.keyring();
        if (ends(newest).isAfter(ends(mine))) {
            mustBeOf(device.id(), newest, validator, clock);
            if (!newest.opener().publicKey().equals(mine.opener().publicKey())) {
                throw Device.notMine();
            }
            new OwnKeys(device.folder()).add(newest.chain().getFirst().getPublicKey());
            new KeyringFile(device.folder().resolve("keyring"), seals.boxes()).write(newest, passphrase);
            done(device, account, passphrase, seals);
            return Device.of(device.folder(), newest, card);
        }
        if (ends(mine).isAfter(ends(newest))) {
            account.replaceKeyring(kept -> {
                var theirs = Keyring.decode(kept, card);
                return ends(theirs).isAfter(ends(mine)) ? copy(kept) : mine.encode();
            });
        }
        done(device, account, passphrase, seals);
        return device;
    }

    private static void done(Device device, PersonAccount account, Secret passphrase, Seals seals) {
        remember(device.folder(), account, passphrase, seals);
        Disk.attempt(() -> Files.deleteIfExists(device.folder().resolve(UNSHARED)));
    }

    private static java.time.Instant ends(Keyring keyring) {
        return keyring.chain().getFirst().getNotAfter().toInstant();
    }

    private static Secret copy(Secret secret) {
        return secret.lend(bytes -> Secret.taking(bytes.clone()));
    }
}
