package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Predicate;
import org.mizuhiki.chip.Pkcs11Element;
import org.mizuhiki.enrol.SlotCertificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ike.OwnKey;
import org.mizuhiki.seal.Author;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.wire.Identity;

/// A router's two certificates and the tokens with their keys: tier 1 is the device, tier 2 its VPN service.
/// At the first start the keys are made in the tokens and the tickets redeemed; nothing of it needs a person.
/// Tier 1 of a device with an e-Key is not here, and its service's first certificate is made beside the e-Key.
final class RouterIdentity {
    /// By which the engine calls the library.
    static final String MODULE = "token";

    private static final int DEVICE = 0;
    /// As `mizuhiki chip router-key` labels it, too.
    private static final int SERVICE = 1;
    private static final int LONGEST_PIN = 256;

    private final RouterConfig config;
    private final Optional<SlotCertificate> device;
    private final SlotCertificate service;
    private volatile Identity current;

    /// @param device absent where its key lies in an e-Key
    RouterIdentity(RouterConfig config, Optional<SlotCertificate> device, SlotCertificate service) {
        this.config = config;
        this.device = device;
        this.service = service;
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
                config, device, new SlotCertificate(service, config.folder().resolve("service.csr"), authority));
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

    /// Redeems the tickets where there are no certificates yet.
    ///
    /// @throws Refusal `ticket-missing`, `router-key-missing`, and those of [SlotCertificate#enrol]
    void enrol() {
        device.filter(d -> d.identity().isAnonymous())
                .ifPresent(d -> redeem(ticket(RouterConfig.Tickets::device), d, Optional.empty()));
        if (service.identity().isAnonymous()) {
            var vouching = device.orElseThrow(RouterIdentity::besideItsChip);
            redeem(ticket(RouterConfig.Tickets::service), service, Optional.of(vouching));
        }
        current = service.identity();
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
                .orElseThrow(() -> Refusal.of(
                        "ticket-missing",
                        "トークンに証明書がありません。最初の起動には登録券のファイル（設定の tickets）が必要です。プロバイダに依頼してください",
                        "There is no certificate in the tokens; the first start needs files with tickets (tickets: in the"
                                + " configuration), ask the provider for them"));
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
