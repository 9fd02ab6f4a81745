package org.mizuhiki.apps.demo;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.apps.device.DeviceChip;
import org.mizuhiki.chip.EKey;
import org.mizuhiki.chip.EKeyForms;
import org.mizuhiki.chip.KeySlot;
import org.mizuhiki.enrol.SlotCertificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Ticket;

/// A router's chip from the factory on (seed 003, D.5 and table A.1): initial registration, tier 1, two
/// services of two providers that cannot touch each other, and one of them removed.
final class ChipStory {
    static final String NAME = "chip";
    private static final String DEVICE = "mizu/R-2/0001";
    private static final String SUBSCRIBER = "1312345678";
    private static final int VPN = 1;
    private static final int IMAGES = 2;

    private final Telling telling;
    private final Place place;
    private final Clock clock;
    private final SecureRandom die;
    private final Path folder;
    private final KeyPair vpnProvider;
    private final KeyPair imageProvider;

    ChipStory(Telling telling, Place place, Clock clock, SecureRandom die) {
        this.telling = telling;
        this.place = place;
        this.clock = clock;
        this.die = die;
        this.folder = place.folder().resolve("devices/router-2");
        this.vpnProvider = KeyFiles.newKeyPair(die);
        this.imageProvider = KeyFiles.newKeyPair(die);
    }

    void tell() throws Exception {
        telling.chapter("機器のチップ：二つの階層", "A device's chip and its two tiers");
        var file = place.region();
        try (var connection = Region.connect(file, Optional.empty(), clock, die)) {
            var region = connection.region();
            var authority = new SlotCertificate.Authority(
                    URI.create(file.authority()), region.trust().roots(), region.validator(), clock, die);
            try (var chip = made()) {
                device(chip, authority);
                service(chip, authority, VPN, "medical-vpn", vpnProvider);
                service(chip, authority, IMAGES, "image-exchange", imageProvider);
                spokenFor(chip, authority);
                apart(chip, authority);
                removed(chip);
            }
            afterAnotherStart();
        }
    }

    private DeviceChip made() throws Exception {
        return telling.step(
                NAME,
                "initial-registration",
                "チップの初期登録：固有の鍵はチップの中で作られ、機器情報は一度だけ書ける",
                "Initial registration: the chip makes its own key, the device's information is written once",
                () -> {
                    var chip = DeviceChip.make(folder, DEVICE, 4, die);
                    var maker = KeyFiles.readKey(folder.resolve("manager.key"));
                    refused(
                            "chip-not-permitted",
                            () -> chip.key()
                                    .personalise(
                                            vpnProvider.getPublic(),
                                            "another device",
                                            content -> signed(maker, content)));
                    return new Told<>(chip, "chip " + chip.key().view().chip());
                });
    }

    private void device(DeviceChip chip, SlotCertificate.Authority authority) throws Exception {
        telling.step(
                NAME,
                "tier-1",
                "1階層目：機器の鍵をチップの中で作り、機器証明書を受け取る (EST)",
                "Tier 1: the device's key is made on the chip and certified over EST",
                () -> {
                    chip.certificate(0, authority).enrol(ticket(Map.of("kind", "device")), Optional.empty());
                    return new Told<>("", holder(chip.slot(0)));
                });
    }

    private void service(DeviceChip chip, SlotCertificate.Authority authority, int slot, String name, KeyPair provider)
            throws Exception {
        telling.step(
                NAME,
                "tier-2-" + name,
                "2階層目：" + name + " を追加し、1階層目の証明を示して証明書を受け取る",
                "Tier 2: " + name + " comes onto the chip; tier 1 vouches for it",
                () -> {
                    expect(chip.install(name, provider.getPublic()) == slot, "the first free slot");
                    chip.certificate(slot, authority)
                            .enrol(serviceTicket(name), Optional.of(chip.certificate(0, authority)));
                    connection(chip, slot, name, provider, 1, "hub=" + name + ".example.jp");
                    return new Told<>("", holder(chip.slot(slot)));
                });
    }

    /// What a provider puts into its slot, signed for this chip, this service and this version.
    private static void connection(
            DeviceChip chip, int slot, String service, KeyPair provider, int version, String text) {
        var content = Bytes.utf8(text);
        var form = EKeyForms.content(
                chip.key().view().chip(), DeviceChip.name(service), EKey.Content.CONNECTION, version, content);
        chip.deliver(slot, EKey.Content.CONNECTION, version, content, signed(provider.getPrivate(), form));
    }

    private void spokenFor(DeviceChip chip, SlotCertificate.Authority authority) throws Exception {
        telling.step(
                NAME,
                "proof-tls",
                "サービスはチップの鍵でTLS接続できる（更新は時期前なので断られる）",
                "A service speaks TLS with the key in its slot; its renewal is refused for being early only",
                () -> {
                    var said = refused(
                            "renewal-too-early",
                            () -> chip.certificate(VPN, authority).renew());
                    return new Told<>("", said);
                });
        telling.step(
                NAME,
                "proof-openssl",
                "opensslが証明書とチップの署名を検証する",
                "openssl verifies certificates and a signature of the chip",
                () -> new Told<>("", openssl(chip.slot(IMAGES))));
    }

    private String openssl(KeySlot slot) throws Exception {
        var proof = Files.createDirectories(folder.resolve("proof"));
        KeyFiles.writeChain(proof.resolve("root.pem"), place.region().trust().roots());
        KeyFiles.writeChain(proof.resolve("own.pem"), slot.chain());
        var content = Bytes.utf8("signed in the chip\n");
        Files.write(proof.resolve("content"), content.toArray());
        Files.write(proof.resolve("signature"), slot.sign(content).toArray());
        var path = Witness.in(proof, "openssl", "verify", "-CAfile", "root.pem", "-untrusted", "own.pem", "own.pem");
        Witness.in(proof, "openssl", "x509", "-in", "own.pem", "-noout", "-pubkey", "-out", "key.pem");
        var signature = Witness.in(
                proof, "openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "content");
        return path + ", " + signature;
    }

    private void apart(DeviceChip chip, SlotCertificate.Authority authority) throws Exception {
        telling.step(
                NAME,
                "proof-isolation",
                "他の提供者のサービスは使えず、書き換えられず、別の機器にも移せない",
                "No provider can use, change or move another's service",
                () -> {
                    try (var vpnCode = Secret.taking(Files.readAllBytes(folder.resolve("slot-1.code")))) {
                        refused(
                                "chip-code-wrong",
                                () -> chip.key().slot(IMAGES, vpnCode).sign(Bytes.utf8("in the other's name")));
                    }
                    refused(
                            "chip-not-permitted",
                            () -> connection(chip, IMAGES, "image-exchange", vpnProvider, 2, "hub=thief.example.jp"));
                    expect(chip.connection(IMAGES).equals(Bytes.utf8("hub=image-exchange.example.jp")), "unchanged");
                    var stolen = serviceTicket("another-service");
                    chip.install("another-service", vpnProvider.getPublic());
                    refused(
                            "device-not-shown",
                            () -> chip.certificate(3, authority).enrol(stolen, Optional.empty()));
                    chip.order(EKey.Order.delete(3));
                    return new Told<>("", "chip-code-wrong, chip-not-permitted, device-not-shown");
                });
    }

    private void removed(DeviceChip chip) throws Exception {
        telling.step(
                NAME,
                "removal",
                "一つのサービスを鍵ごと消しても、もう一つは動き続ける",
                "One service is removed with its keys; the other goes on",
                () -> {
                    var before = chip.slot(IMAGES).publicKey();
                    chip.order(EKey.Order.delete(VPN));
                    var states = chip.key().view().slots();
                    expect(states.get(VPN).state() == EKey.SlotState.FREE, "its slot is free");
                    expect(chip.slot(IMAGES).publicKey().equals(before), "the other has its key");
                    chip.slot(IMAGES).sign(Bytes.utf8("still here"));
                    return new Told<>("", "slot 1 free, slot 2 signs");
                });
    }

    private void afterAnotherStart() throws Exception {
        telling.step(
                NAME,
                "proof-kept",
                "電源を入れ直しても、残したサービスの鍵と証明書はそのまま",
                "After another start the service that was kept is as it was",
                () -> {
                    try (var chip = DeviceChip.open(folder, die)) {
                        chip.slot(IMAGES).sign(Bytes.utf8("after another start"));
                        return new Told<>("", holder(chip.slot(IMAGES)));
                    }
                });
    }

    private Ticket serviceTicket(String name) {
        return ticket(Map.of("kind", "service", "service", name, "subscriber", SUBSCRIBER));
    }

    /// The operator's, for equipment of its own; subscribers' devices go through the registration.
    private Ticket ticket(Map<String, String> asked) {
        var all = new HashMap<>(asked);
        all.put("device", DEVICE);
        return Ticket.parse(place.operate("authority", "ticket", all));
    }

    private static String holder(KeySlot slot) {
        return Member.of(slot.chain().getFirst()).identity();
    }

    private static Bytes signed(PrivateKey by, Bytes content) {
        try {
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(by);
            signature.update(content.toArray());
            return Bytes.of(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK signs with P-256", e);
        }
    }

    private interface Call {
        void run() throws Exception;
    }

    private static String refused(String code, Call call) throws Exception {
        try {
            call.run();
        } catch (Refusal refusal) {
            expect(refusal.code().equals(code), "refused for what it is, " + code + ": " + refusal.code());
            return refusal.code();
        }
        throw new IllegalStateException("was not refused: " + code);
    }

    private static void expect(boolean holds, String claim) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + claim);
        }
    }
}
