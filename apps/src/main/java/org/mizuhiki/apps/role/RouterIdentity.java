package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Predicate;
import org.mizuhiki.apps.device.DeviceChip;
import org.mizuhiki.apps.role.RouterConfig.Chip;
import org.mizuhiki.chip.KeySlot;
import org.mizuhiki.chip.Pkcs11Element;
import org.mizuhiki.enrol.SlotCertificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ike.OwnKey;
import org.mizuhiki.seal.Author;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.wire.Identity;

/// A router's two certificates and the tokens with their keys: tier 1 is the device, tier 2 its VPN service.
/// At the first start the keys are made in the tokens and the tickets redeemed; nothing of it needs a person.
/// Tier 1 of a device with an e-Key is in that, which proves itself and vouches for the service's key.
final class RouterIdentity {
    /// By which the engine calls the library.
    static final String MODULE = "token";

    private static final int DEVICE = 0;
    /// As `mizuhiki chip router-key` labels it, too.
    private static final int SERVICE = 1;
    private static final int LONGEST_PIN = 256;

    /// In the router's folder: whose configuration it is, once the chip showed it.
    private static final String SELF = "self";

    private final RouterConfig config;
    private final Optional<SlotCertificate> device;
    private final SlotCertificate service;
    private final Optional<Proving> proving;
    private volatile Identity current;

    /// The e-Key and the token for which it vouches.
    record Proving(Chip place, KeySlot token, SlotCertificate.Authority authority) {}

    /// @param device absent where its key lies in an e-Key
    /// @param proving that e-Key, if this router speaks to it by itself
    RouterIdentity(
            RouterConfig config, Optional<SlotCertificate> device, SlotCertificate service, Optional<Proving> proving) {
        this.config = config;
        this.device = device;
        this.service = service;
        this.proving = proving;
        current = service.identity();
    }

    static RouterIdentity of(RouterConfig config, SlotCertificate.Authority authority) {
        var token = config.token();
        var device = token.device()
                .map(slot -> Pkcs11Element.token(
                        token.library(), slot, DEVICE, pin(token.devicePin().orElseThrow())))
                .map(slot -> new SlotCertificate(slot, config.folder().resolve("device.csr"), authority));
        var service = Pkcs11Element.token(token.library(), token.service(), SERVICE, pin(token.servicePin()));
        return new RouterIdentity(
                config,
                device,
                new SlotCertificate(service, config.folder().resolve("service.csr"), authority),
                token.chip().map(chip -> new Proving(chip, service, authority)));
    }

    private static Secret pin(Path file) {
        try {
            var bytes = Files.readAllBytes(file);
            int length = bytes.length;
            while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
                length--;
            }
            if (length == 0 || length > LONGEST_PIN) {
                throw unreadable(file, null);
            }
            var pin = java.util.Arrays.copyOf(bytes, length);
            java.util.Arrays.fill(bytes, (byte) 0);
            return Secret.taking(pin);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static Refusal unreadable(Path file, @org.jspecify.annotations.Nullable IOException cause) {
        var japanese = "トークンのPINのファイルを読めません: " + file;
        var english = "The file with the token's PIN cannot be read: " + file;
        return cause == null
                ? Refusal.of("config-invalid", japanese, english)
                : Refusal.of("config-invalid", japanese, english, cause);
    }

    /// Redeems the tickets where there are no certificates yet. A folder that served with another chip is
    /// refused: a copy of it opens nothing, and says so.
    ///
    /// @throws Refusal `ticket-missing`, `router-key-missing`, `router-other`, `token-other`, and those of
    ///     [SlotCertificate#enrol]
    void enrol() {
        device.filter(d -> d.identity().isAnonymous())
                .ifPresent(d -> redeem(ticket(RouterConfig.Tickets::device), d, Optional.empty()));
        if (service.identity().isAnonymous()) {
            if (proving.isPresent()) {
                enrolByItsChip(proving.get());
            } else {
                var vouching = device.orElseThrow(RouterIdentity::besideItsChip);
                redeem(ticket(RouterConfig.Tickets::service), service, Optional.of(vouching));
            }
        }
        current = service.identity();
        mustBeMeant();
        settle();
    }

    /// Tickets and terms are two papers of one envelope; somebody may have mixed two envelopes up.
    private void mustBeMeant() {
        var self = self().identity();
        config.router().filter(meant -> !meant.equals(self)).ifPresent(meant -> {
            throw Refusal.of(
                    "router-other",
                    "証明書の機器（" + self + "）が、設定の示す機器（" + meant + "）と違います。登録券か初期設定が別の機器のものです。プロバイダに連絡してください",
                    "The certificate is that of " + self + ", the configuration is for " + meant
                            + ": tickets or first-boot document are another router's; tell the provider");
        });
    }

    /// Tier 1 in the e-Key, the service's key in its token with the word of its slot. A cut between the two is
    /// mended by the next start: what has a certificate is left as it is.
    private void enrolByItsChip(Proving by) {
        try (var chip = DeviceChip.open(by.place().folder(), by.authority().die())) {
            var tier1 = chip.certificate(DEVICE, by.authority());
            if (tier1.identity().isAnonymous()) {
                redeem(ticket(RouterConfig.Tickets::device), tier1, Optional.empty());
            }
            var vouching = chip.toldAll(by.authority());
            var beside = chip.beside(by.place().slot(), by.token(), by.authority());
            redeem(ticket(RouterConfig.Tickets::service), beside, Optional.of(vouching));
        }
    }

    /// From now on this folder belongs to this router alone; tickets that were not needed are of no use.
    private void settle() {
        var file = config.folder().resolve(SELF);
        var self = self().identity();
        try {
            if (Files.exists(file) && !Files.readString(file).strip().equals(self)) {
                throw otherToken();
            }
            if (!Files.exists(file)) {
                KeyFiles.write(file, Bytes.utf8(self + "\n").toArray(), "rw-------");
            }
            if (config.tickets().isPresent()) {
                Files.deleteIfExists(config.tickets().get().device());
                Files.deleteIfExists(config.tickets().get().service());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + file, e);
        }
    }

    /// Whether a chip showed itself with this configuration before.
    static boolean isSettled(Path folder) {
        return Files.exists(folder.resolve(SELF));
    }

    private static Refusal otherToken() {
        return Refusal.of(
                "token-other",
                "この設定は別のチップ（トークン）で使われていたものです。設定の写しだけでは接続できません。元の機器で起動するか、機器を交換した場合は" + "プロバイダから新しい登録券を受け取ってください",
                "This configuration served with another chip (token), and a copy of it connects nowhere: start it on"
                        + " its own device; if that was replaced, ask the provider for new tickets");
    }

    private static Refusal besideItsChip() {
        return Refusal.of(
                "router-key-missing",
                "トークンに証明書がありません。機器の鍵がチップにある場合は、先に `mizuhiki chip router-key` で受け取ってください",
                "There is no certificate in the token; where the device's key lies in its e-Key, fetch it first with"
                        + " `mizuhiki chip router-key`");
    }

    private static void redeem(Path file, SlotCertificate slot, Optional<SlotCertificate> device) {
        try {
            slot.enrol(Ticket.parse(Files.readString(file)), device);
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + file, e);
        }
    }

    private Path ticket(java.util.function.Function<RouterConfig.Tickets, Path> which) {
        return config.tickets()
                .map(which)
                .filter(Files::exists)
                .orElseThrow(() -> isSettled(config.folder()) ? otherToken() : noTicket());
    }

    private static Refusal noTicket() {
        return Refusal.of(
                "ticket-missing",
                "トークンに証明書がありません。最初の起動には登録券のファイル（設定の tickets）が必要です。プロバイダに依頼してください",
                "There is no certificate in the tokens; the first start needs files with tickets (tickets: in the"
                        + " configuration), ask the provider for them");
    }

    /// @param replaced whether a certificate's CA was
    void renewIfDue(Predicate<X509Certificate> replaced) {
        device.ifPresent(d -> d.renewIfDue(replaced));
        if (service.renewIfDue(replaced)) {
            current = service.identity();
        }
    }

    /// For TLS to the centre; asked for at every handshake.
    Identity tls() {
        return current;
    }

    /// With the service's key, which stays in its token.
    Author author() {
        return new Author(current.key(), current.chain());
    }

    X509Certificate certificate() {
        return current.chain().getFirst();
    }

    /// @throws Refusal `certificate-not-a-router`
    Member.Service self() {
        if (Member.of(certificate()) instanceof Member.Service self) {
            return self;
        }
        throw Refusal.of(
                "certificate-not-a-router",
                "トークンの証明書はサービス証明書ではありません。スロットの番号を確認してください",
                "The token's certificate is no service certificate; check the slot's number");
    }

    /// The same key as the engine finds it in its token.
    OwnKey engineKey() {
        var token = config.token();
        return new OwnKey.InToken(MODULE, token.service(), handle(), pin(token.servicePin()));
    }

    private static Bytes handle() {
        return Pkcs11Element.handle(SERVICE);
    }
}
