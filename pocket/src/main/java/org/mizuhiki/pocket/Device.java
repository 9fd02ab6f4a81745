package org.mizuhiki.pocket;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.chip.SigningCard;
import org.mizuhiki.chip.SlotKey;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.pocket.keyring.Keyring;
import org.mizuhiki.pocket.keyring.KeyringFile;
import org.mizuhiki.pocket.keyring.OwnKeys;
import org.mizuhiki.pocket.keyring.Unenrolled;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.ConfirmationCode;
import org.mizuhiki.trust.DirectoryWatch;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Renewal;
import org.mizuhiki.trust.Renewals;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.trust.Validator;
import org.mizuhiki.wire.Identity;

/// A person's device: a folder with the keyring (closed under a passphrase), drafts, outbox and what was
/// sent (closed under the keyring's own key). The keys are made here and never leave.
public final class Device implements AutoCloseable {
    /// Shortest passphrase, in bytes of UTF-8.
    public static final int MIN_PASSPHRASE = 10;

    private final Path folder;
    private final Keyring keyring;
    private final Optional<SigningCard> card;

    private Device(Path folder, Keyring keyring, Optional<SigningCard> card) {
        this.folder = folder;
        this.keyring = keyring;
        this.card = card;
    }

    /// Makes keys, redeems the ticket and keeps the certificates. Repeating it after a crash or a lost
    /// answer, with the same folder, ticket and passphrase, finishes the same enrolment.
    ///
    /// @param region the region as an anonymous caller reaches it: only its pinned roots are believed
    /// @throws Refusal `device-exists`, `passphrase-short`, `certificate-not-mine`, and those of
    /// [Enrolment#enrol]
    public static Device create(
            Path folder, Region region, Ticket ticket, Secret passphrase, Seals seals, Clock clock) {
        return create(folder, region, ticket, passphrase, seals, clock, Optional.empty(), _ -> false);
    }

    /// What is done while the desk has not confirmed this device yet.
    @FunctionalInterface
    public interface Waiting {
        /// Shows the code to the person, and lets some time go by.
        ///
        /// @param code see [ConfirmationCode]
        /// @return whether to ask again
        boolean goesOn(String code);
    }

    /// The same with an invitation, which the desk has to confirm, or with the signing key on a card.
    ///
    /// @param card where the signing key is made and stays; must stay usable as long as the device
    /// @throws Refusal also `confirmation-awaited`, `invitation-declined`, those of [org.mizuhiki.chip.KeySlot]
    public static Device create(
            Path folder,
            Region region,
            Ticket ticket,
            Secret passphrase,
            Seals seals,
            Clock clock,
            Optional<SigningCard> card,
            Waiting waiting) {
        var file = new KeyringFile(Disk.folder(folder).resolve("keyring"), seals.boxes());
        if (file.exists()) {
            throw Refusal.of(
                    "device-exists",
                    "このフォルダーにはすでに端末が登録されています。別のフォルダーを指定してください",
                    "A device is enrolled in this folder already; choose another folder");
        }
        if (passphrase.size() < MIN_PASSPHRASE) {
            throw Refusal.of(
                    "passphrase-short", "パスフレーズが短すぎます（10バイト以上）", "The passphrase is too short; use at least 10 bytes");
        }
        // 1. keys and request are on disk before the ticket is used
        var pending = folder.resolve("keyring.pending");
        var mine = Unenrolled.at(pending, passphrase, seals, card);
        new OwnKeys(folder).add(mine.signing().getPublic());
        // 2. one round trip, or as many as the desk takes
        var enrolled = redeemed(region, ticket, mine.request(), waiting);
        // 3. what came back is for these keys, and from this region
        var sealing = enrolled.sealing().orElseThrow(Device::notMine);
        checkMine(mine, enrolled.signing(), sealing);
        var member = region.validator().check(enrolled.signing(), Validator.Purpose.SIGN_RECORD, clock.instant());
        // 4. keep it
        card.ifPresent(c -> c.carry(enrolled.signing()));
        var keyring = new Keyring(
                person(member), mine.signing().getPrivate(), enrolled.signing(), mine.opener(), sealing, mine.local());
        file.write(keyring, passphrase);
        Disk.attempt(() -> Files.deleteIfExists(pending));
        return new Device(folder, keyring, card);
    }

    private static Enrolment.Enrolled redeemed(
            Region region, Ticket ticket, Enrolment.Request request, Waiting waiting) {
        while (true) {
            try {
                return region.enrolment().enrol(ticket, request);
            } catch (Refusal refusal) {
                if (!refusal.code().equals("confirmation-awaited")
                        || !waiting.goesOn(ConfirmationCode.of(ticket, request))) {
                    throw refusal;
                }
            }
        }
    }

    /// @throws Refusal `device-missing`, `passphrase-wrong`, `keyring-damaged`
    public static Device open(Path folder, Secret passphrase, Seals seals) {
        return open(folder, passphrase, seals, Optional.empty());
    }

    /// @param card of a person whose signing key is on one
    /// @throws Refusal also `card-needed`, `card-wrong`, those of [org.mizuhiki.chip.KeySlot]
    public static Device open(Path folder, Secret passphrase, Seals seals, Optional<SigningCard> card) {
        var keyring = new KeyringFile(folder.resolve("keyring"), seals.boxes()).read(passphrase, card);
        return of(folder, keyring, card);
    }

    /// At one third of remaining life a new certificate is fetched, with a new signing key; the sealing key
    /// stays. The file `keyring` holds the old keys until, in one step, it holds the new ones; repeating a
    /// renewal that a crash or a lost answer cut off finishes the same one.
    ///
    /// @return the device with what it holds now; this device if nothing was due
    /// @throws Refusal `certificate-not-mine`, and those of [Renewals]; this device stays as it is
    public Device renewedIfDue(Renewals renewals, Validator validator, Secret passphrase, Seals seals, Clock clock) {
        return Renewal.due(keyring.chain().getFirst(), clock)
                ? renewed(renewals, validator, passphrase, seals, clock)
                : this;
    }

    /// The same however much of the certificate's life remains: its CA was replaced.
    Device renewed(Renewals renewals, Validator validator, Secret passphrase, Seals seals, Clock clock) {
        var own = keyring.chain().getFirst();
        // 1. key and request are on disk before anybody is asked
        var pending = folder.resolve("keyring.renewal");
        var mine = Unenrolled.renewing(pending, passphrase, seals, keyring, card);
        new OwnKeys(folder).add(mine.signing().getPublic());
        DeviceAccount.unshared(this);
        // 2. one round trip; the old key says who asks
        var enrolled = renewals.renew(Renewals.Asked.of(keyring.signing(), own, mine.request()));
        // 3. what came back is for these keys and this person, and from this region
        var sealing = enrolled.sealing().orElseThrow(Device::notMine);
        checkMine(mine, enrolled.signing(), sealing);
        var member = validator.check(enrolled.signing(), Validator.Purpose.SIGN_RECORD, clock.instant());
        if (!person(member).equals(id())) {
            throw notMine();
        }
        // 4. keep it
        card.ifPresent(c -> c.carry(enrolled.signing()));
        var next = new Keyring(
                id(), mine.signing().getPrivate(), enrolled.signing(), keyring.opener(), sealing, keyring.local());
        new KeyringFile(folder.resolve("keyring"), seals.boxes()).write(next, passphrase);
        Disk.attempt(() -> Files.deleteIfExists(pending));
        return new Device(folder, next, card);
    }

    public PersonId id() {
        return keyring.id();
    }

    public Path folder() {
        return folder;
    }

    /// For signatures.
    public Author author() {
        return new Author(keyring.signing(), keyring.chain());
    }

    /// For mutual TLS.
    public Identity identity(List<X509Certificate> roots) {
        return new Identity(keyring.signing(), keyring.chain(), roots);
    }

    /// Opens the slots made for this person.
    public Opener.XWing opener() {
        return keyring.opener();
    }

    /// The certificate of [#opener], to give to people outside the region.
    public X509Certificate sealing() {
        return keyring.sealing();
    }

    /// What a monitor of the directory knows this person's keys by: all signing keys that were made here.
    public DirectoryWatch.Own own() {
        var keys = new HashSet<>(new OwnKeys(folder).all());
        keys.add(
                Bytes.of(keyring.chain().getFirst().getPublicKey().getEncoded()).sha256());
        return new DirectoryWatch.Own(id(), keys);
    }

    /// As the person's account brings it onto this device, see [DeviceAccount].
    static Device of(Path folder, Keyring keyring, Optional<SigningCard> card) {
        return new Device(folder, keyring, keyring.signing() instanceof SlotKey ? card : Optional.empty());
    }

    Keyring keyring() {
        return keyring;
    }

    Optional<SigningCard> card() {
        return card;
    }

    Secret local() {
        return keyring.local();
    }

    /// Wipes the keys from memory.
    @Override
    public void close() {
        keyring.wipe();
    }

    static PersonId person(Member member) {
        return switch (member) {
            case Member.Patient p -> p.id();
            case Member.Professional p -> p.id();
            case Member.Institution _, Member.Server _, Member.Device _, Member.Service _ ->
                throw Refusal.of("not-a-person", "この証明書は個人のものではありません", "This certificate is not a person's");
        };
    }

    /// An authority that certified another key under this name could read along from now on: refuse it.
    private static void checkMine(Unenrolled mine, List<X509Certificate> signing, X509Certificate sealing) {
        var key = Bytes.of(sealing.getPublicKey().getEncoded()).toArray();
        var wanted = mine.opener().publicKey().toArray();
        boolean sealingMine = key.length >= wanted.length
                && Arrays.equals(Arrays.copyOfRange(key, key.length - wanted.length, key.length), wanted);
        boolean signingMine = !signing.isEmpty()
                && Arrays.equals(
                        signing.getFirst().getPublicKey().getEncoded(),
                        mine.signing().getPublic().getEncoded());
        if (!sealingMine || !signingMine) {
            throw notMine();
        }
    }

    static Refusal notMine() {
        return Refusal.of(
                "certificate-not-mine",
                "認証局がこの端末の鍵ではない証明書を返しました。登録を中止します",
                "The authority answered with a certificate for another key; enrolment stops");
    }
}
