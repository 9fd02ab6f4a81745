package org.mizuhiki.apps.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.mizuhiki.chip.ChipOrder;
import org.mizuhiki.chip.ChipSigner;
import org.mizuhiki.chip.EKey;
import org.mizuhiki.chip.EKeyFactory;
import org.mizuhiki.chip.EKeyForms;
import org.mizuhiki.chip.KeySlot;
import org.mizuhiki.chip.OrderReceipt;
import org.mizuhiki.chip.Programs;
import org.mizuhiki.chip.SignedOrder;
import org.mizuhiki.chip.SoftCard;
import org.mizuhiki.chip.VouchedSlot;
import org.mizuhiki.devices.OrderErrand;
import org.mizuhiki.enrol.SlotCertificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.registration.Chip;
import org.mizuhiki.registration.ElementChip;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.wire.Peers;

/// The e-Key of a device without hardware: a card made of software in a folder, for its owner's eyes only. In
/// it: the card (`card.image` under `card.key`), the codes of the slots (`slot-N.code`; `slot-N.code.M`
/// while order M is under way), requests that wait for their answers (`slot-N.csr`; `token-N.csr`
/// for a key beside the chip), what the chip said and nobody heard yet (`receipts`), and the manager's key
/// (`manager.key`) unless that is elsewhere. Whoever copies
/// the folder has copied the device; on a real chip the same applet runs.
public final class DeviceChip implements OrderErrand.Ordered, AutoCloseable {
    private static final int CARD_KEY = 32;
    private static final int NAME = 16;

    private final Path folder;
    private final SecureRandom die;
    private final Secret cardKey;
    private final SlotCodes codes;
    private final UntoldReceipts untold;
    private final SoftCard card;
    private final EKey key;

    private DeviceChip(Path folder, SecureRandom die, Secret cardKey, SoftCard card) {
        this.folder = folder;
        this.die = die;
        this.cardKey = cardKey;
        this.codes = new SlotCodes(folder, die);
        this.untold = new UntoldReceipts(folder);
        this.card = card;
        this.key = EKey.on(card);
    }

    /// Makes one that nobody but its own folder vouches for and manages.
    ///
    /// @throws Refusal as below
    public static DeviceChip make(Path folder, String information, int services, SecureRandom die) {
        mustBeNone(folder);
        var own = manager(folder).made(die);
        return make(folder, information, services, new EKeyFactory(own, own), die);
    }

    /// Initial registration (seed 003, table A.1): the chip makes its identity key, and the device's
    /// information is written once, signed.
    ///
    /// @param information what the device is: `vendor/model/serial` if it is to be enrolled as such
    /// @param services 1 to 16
    /// @param factory who makes and manages it
    /// @throws Refusal `chip-exists`
    public static DeviceChip make(
            Path folder, String information, int services, EKeyFactory factory, SecureRandom die) {
        mustBeNone(folder);
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            Files.deleteIfExists(folder.resolve("card.image")); // of a making that was cut off
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
        SlotCodes.random(folder.resolve("card.key"), CARD_KEY, die);
        var codes = new SlotCodes(folder, die);
        codes.make(0);
        return opened(folder, die, card -> {
            try (var code = codes.of(0)) {
                var name =
                        factory.make(card, information, services, code).view().chip();
                // last: without it there is no chip, and another is made
                KeyFiles.write(folder.resolve("chip.name"), bytes(name + "\n"), "rw-r--r--");
            }
        });
    }

    private static void mustBeNone(Path folder) {
        if (isThere(folder)) {
            throw Refusal.of(
                    "chip-exists",
                    "このフォルダーにはもうチップがあります: " + folder,
                    "There is a chip in this folder already: " + folder);
        }
    }

    /// Whatever goes wrong, nothing stays open, and the card's key does not stay in memory.
    private static DeviceChip opened(Path folder, SecureRandom die, Consumer<SoftCard> first) {
        var cardKey = SlotCodes.secret(folder.resolve("card.key"), CARD_KEY);
        SoftCard card;
        try {
            card = SoftCard.open(folder.resolve("card.image"), cardKey, List.of(Programs.EKEY), die);
        } catch (RuntimeException e) {
            cardKey.close();
            throw e;
        }
        try {
            first.accept(card);
            var chip = new DeviceChip(folder, die, cardKey, card);
            chip.settled(chip.key.receipt());
            return chip;
        } catch (RuntimeException e) {
            card.close();
            cardKey.close();
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
        return opened(folder, die, card -> {});
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
    /// @param service 1 to 16 characters (ASCII), by which provider and chip call it
    /// @param manager see [#manager]
    /// @return the slot's number
    /// @throws Refusal `chip-slots-taken`, `chip-service-exists`, `service-name`, `provider-key-unfit`
    public int install(String service, PublicKey provider, ChipSigner manager) {
        mustBeP256(provider);
        var name = EKeyForms.serviceName(service);
        var slots = key.view().slots();
        for (int slot = 1; slot < slots.size(); slot++) {
            if (slots.get(slot).state() == EKey.SlotState.FREE) {
                order(ChipOrder.install(slot, provider, name), manager);
                return slot;
            }
        }
        throw Refusal.of(
                "chip-slots-taken",
                "チップに空いているスロットがありません。使わないサービスを削除してください",
                "No slot of the chip is free; delete a service first");
    }

    /// The manager's key, where it lies in the chip's own folder.
    ///
    /// @throws Refusal `signer-key-missing`
    public ChipSigner manager() {
        return manager(folder).signer(die);
    }

    public static SignerFolder manager(Path folder) {
        return new SignerFolder(folder, "manager");
    }

    /// Has the chip carry out an order of its manager's, here and now.
    ///
    /// @throws Refusal `chip-service-exists`, `chip-state` and others of [EKey#carryOut]
    public void order(ChipOrder order, ChipSigner manager) {
        carryOut(SignedOrder.of(name(), receipt().number() + 1, order, manager)).mustBeDone();
    }

    /// What service is in a slot.
    ///
    /// @throws Refusal `chip-slot-unknown`, `chip-slot-free`
    public Bytes service(int slot) {
        return key.service(slot).orElseThrow(() -> SlotCodes.free(slot)).name();
    }

    @Override
    public Digest name() {
        return key.view().chip();
    }

    @Override
    public OrderReceipt receipt() {
        return key.receipt();
    }

    @Override
    public List<OrderReceipt> untold() {
        var all = untold.all();
        return all.isEmpty() ? List.of(receipt()) : all;
    }

    @Override
    public void told(OrderReceipt receipt) {
        untold.remove(receipt);
    }

    @Override
    public OrderReceipt carryOut(SignedOrder signed) {
        if (!signed.order().givesCode()) {
            return settled(key.carryOut(signed, Optional.empty()));
        }
        try (var code = codes.fresh(signed)) {
            return settled(key.carryOut(signed, Optional.of(code)));
        }
    }

    /// The folder has what the chip said last, the codes that the chip wants, and no others.
    private OrderReceipt settled(OrderReceipt last) {
        untold.add(last);
        codes.settle(last);
        var slots = key.view().slots();
        for (int slot = 1; slot < slots.size(); slot++) {
            if (slots.get(slot).state() == EKey.SlotState.FREE) {
                codes.forget(slot);
            }
        }
        return last;
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
        return key.slot(number, codes.of(number));
    }

    public SlotCertificate certificate(int number, SlotCertificate.Authority authority) {
        return new SlotCertificate(slot(number), folder.resolve("slot-" + number + ".csr"), authority);
    }

    /// Of a key in a token beside the chip, for which the slot of its service vouches.
    ///
    /// @param number of that slot, from 1
    public SlotCertificate beside(int number, KeySlot token, SlotCertificate.Authority authority) {
        if (number == 0) {
            throw Refusal.of(
                    "argument-malformed",
                    "機器自身の鍵（スロット0）はチップの中にだけ作れます。サービスのスロット（1以上）を指定してください",
                    "The device's own key (slot 0) lies in the chip only; name a service's slot (1 or higher)");
        }
        return new SlotCertificate(
                new VouchedSlot(token, slot(number)), folder.resolve("token-" + number + ".csr"), authority);
    }

    /// The device's own certificate, once the authority has heard all that its chip did: it certifies no
    /// service's key before.
    ///
    /// @throws Refusal what [OrderErrand#tell] says
    public SlotCertificate toldAll(SlotCertificate.Authority authority) {
        var device = certificate(0, authority);
        try {
            new OrderErrand(this, Peers.connect(authority.address(), device.identity(), authority.die())).tell();
        } catch (Refusal e) {
            if (!e.code().equals("chip-unknown")) { // of a vendor whose chips nobody asks for
                throw e;
            }
        }
        return device;
    }

    /// What a provider signed for its slot, see [EKey#deliver].
    public void deliver(int slot, EKey.Content kind, int version, Bytes content, Bytes signature) {
        key.deliver(slot, codes.of(slot), kind, version, content, signature);
    }

    public Bytes connection(int slot) {
        return key.connection(slot, codes.of(slot));
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
                install(name.substring(0, Math.min(NAME, name.length())), provider.getPublicKey(), manager());
            }
            return slot(1);
        });
    }

    /// @throws Refusal `provider-key-unfit`
    public static PublicKey mustBeP256(PublicKey provider) {
        if (!(provider instanceof ECPublicKey key)
                || key.getParams().getCurve().getField().getFieldSize() != 256) {
            throw Refusal.of(
                    "provider-key-unfit",
                    "提供者の鍵はP-256である必要があります（認証局やルートの証明書ではなく、提供者自身の証明書を指定してください）",
                    "A provider's key is P-256: name the provider's own certificate, not a CA's or root's");
        }
        return provider;
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
