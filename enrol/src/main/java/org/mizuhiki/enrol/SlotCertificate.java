package org.mizuhiki.enrol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.mizuhiki.chip.ChipProof;
import org.mizuhiki.chip.KeySlot;
import org.mizuhiki.chip.SlotKey;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.RemoteRenewals;
import org.mizuhiki.trust.Renewal;
import org.mizuhiki.trust.Renewals;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.trust.Validator;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;

/// The certificate of one slot of a secure element, fetched and renewed over EST for the key that was made in
/// the slot and stays there. The request lies in a file until its answer is in the slot: a crash or a lost
/// answer is mended by asking the same again.
public final class SlotCertificate {
    private static final Set<String> STALE = Set.of("chip-proof-stale", "chip-proof-missing");

    private final KeySlot slot;
    private final Path request;
    private final Authority authority;

    /// Where certificates come from, and who says whether they are to be believed.
    public record Authority(
            URI address, List<X509Certificate> roots, Validator validator, Clock clock, SecureRandom die) {
        public Authority {
            roots = List.copyOf(roots);
        }

        private Peer as(Identity identity) {
            return Peers.connect(address, () -> identity, Patience.usual(), die);
        }
    }

    /// @param request file beside the element, for this slot alone
    public SlotCertificate(KeySlot slot, Path request, Authority authority) {
        this.slot = slot;
        this.request = request;
        this.authority = authority;
    }

    /// What this slot shows in TLS; nothing as long as it has no certificate.
    public Identity identity() {
        var chain = slot.chain();
        return chain.isEmpty()
                ? Identity.anonymous(authority.roots())
                : new Identity(SlotKey.of(slot), chain, authority.roots());
    }

    /// Makes the key and fetches its first certificate, with the chip's proof that the key lies in it where
    /// the element can give one.
    ///
    /// @param device a service's ticket is redeemed on its own device: tier 1, which the connection shows
    /// @throws Refusal `chip-loaded`, those of [Enrolment#enrol], of [org.mizuhiki.devices.Origins], of
    ///     [Validator#check] and of [KeySlot]
    public void enrol(Ticket ticket, Optional<SlotCertificate> device) {
        slot.generate();
        var shown = device.map(SlotCertificate::identity).orElseGet(() -> Identity.anonymous(authority.roots()));
        var client = new EstClient(authority.as(shown));
        Supplier<Bytes> request =
                () -> request(() -> client.nonce().flatMap(slot::prove).map(ChipProof::encode));
        try {
            accept(client.enrol(ticket, request.get()));
        } catch (Refusal e) {
            if (!STALE.contains(e.code())) {
                throw e;
            }
            // one that waited too long for its answer, or was made for another purpose; nothing came of it
            forgetRequest();
            accept(client.enrol(ticket, request.get()));
        }
    }

    /// Renews when one third of the certificate's life remains; from its end on for thirty days by a signed
    /// wish, as no TLS handshake takes an expired certificate.
    ///
    /// @return whether there is a new certificate
    /// @throws Refusal `chip-empty`, and as [#enrol]; the certificate in the slot stays
    public boolean renewIfDue() {
        return renewIfDue(_ -> false);
    }

    /// The same, and at once when its CA was replaced: by a signed wish too, as a certificate that was revoked
    /// with its CA opens no TLS connection any more.
    ///
    /// @param replaced whether the CA of a certificate was
    public boolean renewIfDue(Predicate<X509Certificate> replaced) {
        var own = slot.chain().stream().findFirst().orElseThrow(SlotCertificate::nothingToRenew);
        boolean next = replaced.test(own);
        if (!next && !Renewal.due(own, authority.clock())) {
            return false;
        }
        var now = authority.clock().instant();
        if (!next && now.isBefore(own.getNotAfter().toInstant())) {
            renew();
        } else {
            accept(renewedByWish(own));
        }
        return true;
    }

    /// Renews at once, if the authority finds it is time.
    ///
    /// @throws Refusal `renewal-too-early`, and as [#renewIfDue]
    public void renew() {
        accept(new EstClient(authority.as(identity())).renew(request(Optional::empty)));
    }

    private X509Certificate renewedByWish(X509Certificate own) {
        var wish = new Enrolment.Request(request(Optional::empty), Optional.empty(), Optional.empty());
        return new RemoteRenewals(authority.as(Identity.anonymous(authority.roots())))
                .renew(Renewals.Asked.of(SlotKey.of(slot), own, wish))
                .signing()
                .getFirst();
    }

    /// On disk before anybody is asked: each signature of the element is another, and another request would be
    /// another wish.
    ///
    /// @param evidence asked when a new request is made
    private Bytes request(Supplier<Optional<Bytes>> evidence) {
        try {
            var key = slot.publicKey().orElseThrow(SlotCertificate::nothingToRenew);
            // one that was left by an earlier key of this slot is of no use
            if (!Files.exists(request) || !EnrolmentRequests.isFor(Bytes.of(Files.readAllBytes(request)), key)) {
                KeyFiles.write(
                        request,
                        EnrolmentRequests.of(key, slot::sign, evidence.get()).toArray(),
                        "rw-------");
            }
            return Bytes.of(Files.readAllBytes(request));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + request, e);
        }
    }

    private void accept(X509Certificate own) {
        // 1. believed by our roots, whatever the server says of itself
        var issuer = new EstClient(authority.as(Identity.anonymous(authority.roots())))
                .authorities().stream()
                        .filter(ca -> ca.getSubjectX500Principal().equals(own.getIssuerX500Principal()))
                        .filter(ca -> signed(ca, own))
                        .findFirst()
                        .orElseThrow(SlotCertificate::issuerUnknown);
        var chain = List.of(own, issuer);
        authority
                .validator()
                .check(chain, Validator.Purpose.TLS_CLIENT, authority.clock().instant());
        // 2. the slot takes none but its own key's
        slot.store(chain);
        forgetRequest();
    }

    private void forgetRequest() {
        try {
            Files.deleteIfExists(request);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + request, e);
        }
    }

    private static boolean signed(X509Certificate ca, X509Certificate own) {
        try {
            own.verify(ca.getPublicKey());
            return true;
        } catch (java.security.GeneralSecurityException e) {
            return false;
        }
    }

    private static Refusal nothingToRenew() {
        return Refusal.of(
                "chip-empty",
                "このスロットにはまだ証明書がありません。登録券で取得してください",
                "This slot has no certificate yet; enrol it with a ticket");
    }

    private static Refusal issuerUnknown() {
        return Refusal.of(
                "certificate-untrusted",
                "証明書の発行者が認証局の一覧にありません",
                "The certificate's issuer is not among the CAs that the server names");
    }
}
