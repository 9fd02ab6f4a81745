package org.mizuhiki.apps.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.mizuhiki.chip.EKey;
import org.mizuhiki.chip.EKeyForms;
import org.mizuhiki.chip.KeySlot;
import org.mizuhiki.chip.Programs;
import org.mizuhiki.chip.SoftCard;
import org.mizuhiki.enrol.SlotCertificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.registration.Chip;
import org.mizuhiki.registration.ElementChip;
import org.mizuhiki.trust.KeyFiles;

/// The e-Key of a device without hardware: a card made of software in a folder, for its owner's eyes only. In
/// it: the card (`card.image` under `card.key`), the manager's key (`manager.key`), the codes of the slots
/// (`slot-N.code`) and requests that wait for their answers (`slot-N.csr`). Whoever copies the folder has copied
/// the device; on a real chip the same applet runs and the manager's key is elsewhere.
public final class DeviceChip implements AutoCloseable {
    private static final int CARD_KEY = 32;
    private static final int CODE = 16;
    private static final int NAME = 16;

    private final Path folder;
    private final SecureRandom die;
    private final Secret cardKey;
    private final SoftCard card;
    private final EKey key;

    private DeviceChip(Path folder, SecureRandom die, Secret cardKey, SoftCard card) {
        this.folder = folder;
        this.die = die;
        this.cardKey = cardKey;
        this.card = card;
        this.key = EKey.on(card);
    }

    /// Initial registration (seed 003, table A.1): the chip makes its identity key, and the device's
    /// information is written once, signed.
    ///
    /// @param information what the device is, such as vendor, model and serial number
    /// @param services 1 to 16
    /// @throws Refusal `chip-exists`
    public static DeviceChip make(Path folder, String information, int services, SecureRandom die) {
        if (isThere(folder)) {
            throw Refusal.of(
                    "chip-exists",
                    "このフォルダーにはもうチップがあります: " + folder,
                    "There is a chip in this folder already: " + folder);
        }
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            Files.deleteIfExists(folder.resolve("card.image")); // of a making that was cut off
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
        var manager = KeyFiles.newKeyPair(die);
        KeyFiles.writeKey(folder.resolve("manager.key"), manager.getPrivate());
        random(folder.resolve("card.key"), CARD_KEY, die);
        random(folder.resolve("slot-0.code"), CODE, die);
        var cardKey = secret(folder.resolve("card.key"), CARD_KEY);
        var card = SoftCard.open(folder.resolve("card.image"), cardKey, List.of(Programs.EKEY), die);
        try {
            card.install(Programs.EKEY, EKey.parameters(manager.getPublic(), services));
            var made = new DeviceChip(folder, die, cardKey, card);
            made.key.personalise(manager.getPublic(), information, made::managed);
            made.key.carryOut(EKey.Order.deviceCode(made.code(0)), made::managed);
            // last: without it there is no chip, and another is made
            KeyFiles.write(folder.resolve("chip.name"), bytes(made.key.view().chip() + "\n"), "rw-r--r--");
            return made;
        } catch (RuntimeException e) {
            card.close();
            throw e;
        }
    }

    public static boolean isThere(Path folder) {
        return Files.exists(folder.resolve("chip.name"));
    }

    /// @throws Refusal `chip-missing`, `card-in-use`, `card-image-unreadable`
    public static DeviceChip open(Path folder, SecureRandom die) {
        if (!isThere(folder)) {
            throw Refusal.of(
                    "chip-missing",
                    "このフォルダーにチップはありません: " + folder + "。`mizuhiki chip make` で作成してください",
                    "There is no chip in " + folder + "; make one with `mizuhiki chip make`");
        }
        var cardKey = secret(folder.resolve("card.key"), CARD_KEY);
        return new DeviceChip(
                folder,
                die,
                cardKey,
                SoftCard.open(folder.resolve("card.image"), cardKey, List.of(Programs.EKEY), die));
    }

    public EKey key() {
        return key;
    }

    /// What the maker wrote about the device.
    public String information() {
        return EKeyForms.text(key.information());
    }

    /// Brings a service onto the chip, into the first slot that is free. Its key is not made yet.
    ///
    /// @param provider whose signature connection information and PPK will need
    /// @param name 1 to 16 characters (ASCII), by which provider and chip call it
    /// @return the slot's number
    /// @throws Refusal `chip-slots-taken`, `service-name`, `provider-key-unfit`
    public int install(String name, PublicKey provider) {
        mustBeP256(provider);
        if (!name.matches("[!-~]{1,16}")) {
            throw Refusal.of(
                    "service-name",
                    "サービスの名前は半角英数字・記号1〜16文字です（空白は使えません）",
                    "A service's name has 1 to 16 letters, digits or signs (ASCII, no spaces)");
        }
        var slots = key.view().slots();
        for (int slot = 1; slot < slots.size(); slot++) {
            if (slots.get(slot).state() == EKey.SlotState.FREE) {
                random(folder.resolve("slot-" + slot + ".code"), CODE, die);
                order(EKey.Order.install(slot, provider, name(name), code(slot)));
                return slot;
            }
        }
        throw Refusal.of(
                "chip-slots-taken",
                "チップに空いているスロットがありません。使わないサービスを削除してください",
                "No slot of the chip is free; delete a service first");
    }

    /// A service's name as chip and provider write it: 16 bytes, zeroes at the end.
    public static Bytes name(String service) {
        return Bytes.of(Arrays.copyOf(bytes(service), NAME));
    }

    /// Has the manager order something.
    public void order(EKey.Order order) {
        key.carryOut(order, this::managed);
    }

    /// @param number 0 for the device itself
    /// @throws Refusal `chip-slot-unknown`, `chip-slot-free` where nothing was installed
    public KeySlot slot(int number) {
        if (number < 0 || number > key.services()) {
            throw Refusal.of(
                    "chip-slot-unknown",
                    "チップにスロット" + number + "はありません（0〜" + key.services() + "）",
                    "The chip has no slot " + number + ", but 0 to " + key.services());
        }
        return key.slot(number, code(number));
    }

    public SlotCertificate certificate(int number, SlotCertificate.Authority authority) {
        return new SlotCertificate(slot(number), folder.resolve("slot-" + number + ".csr"), authority);
    }

    /// What a provider signed for its slot, see [EKey#deliver].
    public void deliver(int slot, EKey.Content kind, int version, Bytes content, Bytes signature) {
        key.deliver(slot, code(slot), kind, version, content, signature);
    }

    public Bytes connection(int slot) {
        return key.connection(slot, code(slot));
    }

    /// For the registration procedure: tier 1, and one service as tier 2.
    ///
    /// @param service its name, asked for when tier 2 is first used and no service is there: then it is
    ///     brought onto the chip
    /// @param provider whoever acts then
    public Chip tiers(Supplier<String> service, X509Certificate provider) {
        return new ElementChip(slot(0), () -> {
            if (key.view().slots().get(1).state() == EKey.SlotState.FREE) {
                var name = service.get();
                install(name.substring(0, Math.min(NAME, name.length())), provider.getPublicKey());
            }
            return slot(1);
        });
    }

    /// Also what only the manager's key in the folder can say.
    private Bytes managed(Bytes content) {
        try {
            PrivateKey manager = KeyFiles.readKey(folder.resolve("manager.key"));
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(manager, die);
            signature.update(content.toArray());
            return Bytes.of(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK signs with P-256", e);
        }
    }

    private Secret code(int slot) {
        var file = folder.resolve("slot-" + slot + ".code");
        if (!Files.exists(file)) {
            throw Refusal.of(
                    "chip-slot-free",
                    "スロット" + slot + "にはサービスがありません",
                    "There is no service in slot " + slot + "; install one first");
        }
        return secret(file, CODE);
    }

    private static void random(Path file, int size, SecureRandom die) {
        var bytes = new byte[size];
        die.nextBytes(bytes);
        KeyFiles.write(file, bytes, "rw-------");
        Arrays.fill(bytes, (byte) 0);
    }

    private static Secret secret(Path file, int size) {
        try {
            var bytes = Files.readAllBytes(file);
            if (bytes.length == size) {
                return Secret.taking(bytes);
            }
        } catch (IOException e) {
            throw Refusal.of("key-file-unreadable", "読めません: " + file, "Cannot be read: " + file, e);
        }
        throw Refusal.of("key-file-unreadable", "壊れています: " + file, "Damaged: " + file);
    }

    private static void mustBeP256(PublicKey provider) {
        if (!(provider instanceof ECPublicKey key)
                || key.getParams().getCurve().getField().getFieldSize() != 256) {
            throw Refusal.of(
                    "provider-key-unfit",
                    "提供者の鍵はP-256である必要があります（認証局やルートの証明書ではなく、提供者自身の証明書を指定してください）",
                    "A provider's key is P-256: name the provider's own certificate, not a CA's or root's");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        card.close();
        cardKey.close();
    }
}
