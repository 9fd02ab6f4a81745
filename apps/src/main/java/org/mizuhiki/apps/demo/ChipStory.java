package org.mizuhiki.apps.demo;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.apps.device.DeviceChip;
import org.mizuhiki.apps.device.SignerFolder;
import org.mizuhiki.chip.ChipOrder;
import org.mizuhiki.chip.ChipSigner;
import org.mizuhiki.chip.EKey;
import org.mizuhiki.chip.EKeyFactory;
import org.mizuhiki.chip.EKeyForms;
import org.mizuhiki.chip.KeySlot;
import org.mizuhiki.chip.SignedOrder;
import org.mizuhiki.devices.ChipOrders;
import org.mizuhiki.devices.OrderErrand;
import org.mizuhiki.devices.RemoteChipOrders;
import org.mizuhiki.enrol.SlotCertificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.seal.Author;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.trust.Validator;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peers;

/// A router's chip from the factory on (seed 003, D.5 and table A.1): initial registration, tier 1, which
/// the authority certifies for a chip of a known manufacturer only, two services of two providers that come
/// over the net and cannot touch each other, and one of them removed from far away by its provider.
final class ChipStory {
    static final String NAME = "chip";
    private static final String VENDOR = "mizu";
    private static final String DEVICE = VENDOR + "/R-2/0001";
    private static final String SUBSCRIBER = "1312345678";
    private static final int VPN = 1;
    private static final int IMAGES = 2;

    private final Telling telling;
    private final Place place;
    private final Clock clock;
    private final SecureRandom die;
    private final Path folder;
    private final SignerFolder maker;
    private final SignerFolder manager;
    private final Provider vpnProvider;
    private final Provider imageProvider;

    /// An enrolled institution: what its key signs goes into its services' slots.
    private record Provider(ChipOrders orders, ChipSigner signer) {
        PublicKey key() {
            return signer.key();
        }
    }

    ChipStory(Telling telling, Place place, Clock clock, SecureRandom die) throws Exception {
        this.telling = telling;
        this.place = place;
        this.clock = clock;
        this.die = die;
        this.folder = place.folder().resolve("devices/router-2");
        this.maker = new SignerFolder(place.folder().resolve("devices/maker"), "maker");
        this.manager = DeviceChip.manager(place.folder().resolve("devices/manager"));
        this.vpnProvider = provider("vpn-provider", new OneMachine.Site("1319900157", "結びVPN事業者"));
        this.imageProvider = provider("image-provider", new OneMachine.Site("1319900165", "画像連携センター"));
    }

    private Provider provider(String name, OneMachine.Site site) throws Exception {
        var own = Staff.institution(place, place.folder().resolve("devices").resolve(name), site, die);
        var key = own.certificate().getPublicKey();
        return new Provider(orders(own), ChipSigner.of(key, own.key(), die));
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
                var far = managers();
                service(chip, authority, far, VPN, "medical-vpn", vpnProvider);
                service(chip, authority, far, IMAGES, "image-exchange", imageProvider);
                spokenFor(chip, authority);
                apart(chip, authority);
                removed(chip, authority);
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
                    var factory = new EKeyFactory(maker.made(die), manager.made(die));
                    var chip = DeviceChip.make(folder, DEVICE, 4, factory, die);
                    refused(
                            "chip-not-permitted",
                            () -> chip.key().personalise(vpnProvider.key(), "another device", maker.signer(die)));
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
                    var ticket = ticket(Map.of("kind", "device"));
                    var unknown = refused(
                            "maker-unknown",
                            () -> chip.certificate(0, authority).enrol(again(ticket), Optional.empty()));
                    place.operate("authority", "chip-maker-accept", Map.of("vendor", VENDOR, "key", maker.written()));
                    chip.certificate(0, authority).enrol(again(ticket), Optional.empty());
                    expect(sync(chip, authority).isEmpty(), "nothing waits for it");
                    return new Told<>(
                            "", "before its manufacturer is known: " + unknown + "; then " + holder(chip.slot(0)));
                });
    }

    /// What the chip's manager sees of it, at another institution.
    private ChipOrders managers() {
        var own = place.folder().resolve("gateway-b/institution");
        return orders(
                new Author(KeyFiles.readKey(own.resolve("key.pem")), KeyFiles.readChain(own.resolve("chain.pem"))));
    }

    private ChipOrders orders(Author own) {
        var identity =
                new Identity(own.key(), own.chain(), place.region().trust().roots());
        var authority = URI.create(place.region().authority());
        return new RemoteChipOrders(Peers.connect(authority, identity, die));
    }

    private void left(ChipOrders far, ChipOrder order, ChipSigner by) {
        var standing = far.standing(Member.Device.parse(DEVICE));
        far.place(SignedOrder.of(standing.chip(), standing.next(), order, by));
    }

    /// What the device does by itself: fetches its orders with tier 1.
    private List<Boolean> sync(DeviceChip chip, SlotCertificate.Authority authority) {
        var tier1 = chip.certificate(0, authority).identity();
        return new OrderErrand(chip, Peers.connect(authority.address(), tier1, die))
                .run().stream().map(OrderErrand.Result::done).toList();
    }

    private static Ticket again(Ticket ticket) {
        return Ticket.parse(ticket.revealed());
    }

    private void service(
            DeviceChip chip,
            SlotCertificate.Authority authority,
            ChipOrders far,
            int slot,
            String name,
            Provider provider)
            throws Exception {
        telling.step(
                NAME,
                "tier-2-" + name,
                "2階層目：" + name + " が管理者の指示でネットワーク経由で入り、1階層目の証明を示して証明書を受け取る",
                "Tier 2: " + name + " comes onto the chip over the net, by its manager's order; tier 1 vouches for it",
                () -> {
                    left(
                            far,
                            ChipOrder.install(slot, provider.key(), EKeyForms.serviceName(name)),
                            manager.signer(die));
                    expect(sync(chip, authority).equals(List.of(true)), "the chip carried the order out");
                    chip.certificate(slot, authority)
                            .enrol(serviceTicket(name), Optional.of(chip.certificate(0, authority)));
                    connection(chip, slot, name, provider, 1, "hub=" + name + ".example.jp");
                    return new Told<>("", holder(chip.slot(slot)));
                });
    }

    /// What a provider puts into its slot, signed for this chip, this service and this version.
    private void connection(DeviceChip chip, int slot, String service, Provider provider, int version, String text) {
        var content = Bytes.utf8(text);
        var form = EKeyForms.content(
                chip.key().view().chip(), EKeyForms.serviceName(service), EKey.Content.CONNECTION, version, content);
        chip.deliver(
                slot,
                EKey.Content.CONNECTION,
                version,
                content,
                provider.signer().apply(form));
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
                    var theirs = ChipOrder.remove(IMAGES, EKeyForms.serviceName("image-exchange"));
                    refused("order-signer", () -> left(vpnProvider.orders(), theirs, vpnProvider.signer()));
                    refused("chip-not-permitted", () -> chip.order(theirs, vpnProvider.signer()));
                    var stolen = serviceTicket("another-service");
                    int third = chip.install("another-serv", vpnProvider.key(), manager.signer(die));
                    refused(
                            "device-not-shown",
                            () -> chip.certificate(third, authority).enrol(stolen, Optional.empty()));
                    chip.order(ChipOrder.remove(third, chip.service(third)), manager.signer(die));
                    return new Told<>("", "chip-code-wrong, chip-not-permitted, order-signer, device-not-shown");
                });
    }

    private void removed(DeviceChip chip, SlotCertificate.Authority authority) throws Exception {
        telling.step(
                NAME,
                "removal",
                "提供者が離れた所から自分のサービスを鍵ごと消しても、もう一つは動き続ける",
                "A provider removes its own service with its keys, from far away; the other goes on",
                () -> {
                    var before = chip.slot(IMAGES).publicKey();
                    var vpn = chip.slot(VPN).chain();
                    sync(chip, authority); // what was ordered at the device meanwhile
                    var removal = ChipOrder.remove(VPN, EKeyForms.serviceName("medical-vpn"));
                    left(vpnProvider.orders(), removal, vpnProvider.signer());
                    expect(sync(chip, authority).equals(List.of(true)), "the chip carried the order out");
                    var told = vpnProvider
                            .orders()
                            .standing(Member.Device.parse(DEVICE))
                            .orders()
                            .getFirst();
                    expect(told.state() == ChipOrders.OrderState.DONE, "the chip's own signed word says so");
                    var states = chip.key().view().slots();
                    expect(states.get(VPN).state() == EKey.SlotState.FREE, "its slot is free");
                    expect(chip.slot(IMAGES).publicKey().equals(before), "the other has its key");
                    chip.slot(IMAGES).sign(Bytes.utf8("still here"));
                    revoked(vpn);
                    return new Told<>("", "slot 1 free, its certificate revoked, slot 2 signs");
                });
    }

    /// For whoever asks now.
    private void revoked(List<X509Certificate> chain) throws Exception {
        try (var connection = Region.connect(place.region(), Optional.empty(), clock, die)) {
            var validator = connection.region().validator();
            refused("certificate-revoked", () -> validator.check(chain, Validator.Purpose.TLS_CLIENT, clock.instant()));
        }
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
