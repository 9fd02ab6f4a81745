package org.mizuhiki.devices;

import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.chip.ChipProof;
import org.mizuhiki.chip.EKeyForms;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Origin;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Nonces;

/// What a chip must show before the authority certifies a key in it (seed 003, D.5: tier 1 authenticates
/// the chip). Without a known manufacturer nothing is certified.
public final class Origins {
    private static final Duration LIFE = Duration.ofMinutes(10);

    private final Nonces nonces;
    private final Clock clock;

    public Origins(Clock clock, SecureRandom die) {
        this.nonces = new Nonces(LIFE, clock, die);
        this.clock = clock;
    }

    /// 32 bytes for one proof, good for ten minutes.
    public Bytes nonce() {
        return nonces.fresh();
    }

    /// For what this caller brings.
    public Origin shownBy(Caller caller) {
        return new Shown(
                Optional.of(caller).filter(Caller.Device.class::isInstance).map(Caller.Device.class::cast));
    }

    private final class Shown implements Origin {
        private final Optional<Caller.Device> caller;

        /// A transaction that is undone for another request's sake asks again, and finds its own nonce used.
        private volatile Optional<Bytes> taken = Optional.empty();

        Shown(Optional<Caller.Device> caller) {
            this.caller = caller;
        }

        @Override
        public Optional<Member.Device> device() {
            return caller.map(d -> new Member.Device(d.vendor(), d.model(), d.serial()));
        }

        @Override
        public void check(Handle rows, Member member, PublicKey key, Optional<Bytes> evidence) {
            // 1. whose chips are believed for this vendor
            var device = deviceOf(member);
            var makers = Makers.of(rows, device.vendor());
            if (evidence.isEmpty() && makers.stream().anyMatch(m -> m.key().isEmpty())) {
                return; // the operator says that this vendor's devices have no e-Key
            }
            var proof = ChipProof.read(evidence.orElseThrow(Origins::missing));
            // 2. said now, for the first time
            if (!taken.equals(Optional.of(proof.nonce())) && !nonces.take(proof.nonce())) {
                throw stale();
            }
            taken = Optional.of(proof.nonce());
            // 3. by a chip that a known manufacturer made for this very device
            var maker = makers.stream()
                    .filter(m -> m.key().filter(proof::isFrom).isPresent())
                    .findFirst()
                    .orElseThrow(() -> Makers.unknown(device.vendor()));
            if (!EKeyForms.text(proof.information()).equals(device.identity())) {
                throw otherDevice();
            }
            // 4. about this key, in a slot of the right tier, or beside it where its operator expects one
            if ((proof.slot() == 0) != (member instanceof Member.Device)
                    || !(proof.holds(key) || proof.vouchesFor(key))) {
                throw elsewhere();
            }
            if (!proof.holds(key) && !maker.tokens()) {
                throw noTokens();
            }
            // 5. a service's: by the same chip as holds the device's key that the connection shows
            if (member instanceof Member.Service && !isOnCallersChip(proof)) {
                throw otherChip();
            }
            // 6. and in the slot of that service, else it would stand in the name of another provider's
            if (member instanceof Member.Service s && !proof.service().equals(EKeyForms.serviceName(s.name()))) {
                throw otherService();
            }
            ChipRows.note(rows, proof, device, clock.instant());
            if (member instanceof Member.Service s) {
                ServiceRows.note(rows, proof, s);
            }
        }

        private boolean isOnCallersChip(ChipProof proof) {
            return caller.map(Caller.Device::certificate)
                    .map(X509Certificate::getPublicKey)
                    .filter(proof::isOfDevice)
                    .isPresent();
        }
    }

    private static Member.Device deviceOf(Member member) {
        return switch (member) {
            case Member.Device d -> d;
            case Member.Service s -> s.device();
            case Member.Patient _, Member.Professional _, Member.Institution _, Member.Server _ ->
                throw new IllegalArgumentException("only devices have chips");
        };
    }

    private static Refusal missing() {
        return Refusal.of(
                "chip-proof-missing",
                "申請に、鍵が機器のチップにあることの証明がありません（CSRの属性。/.well-known/est/csrattrs を参照）",
                "The request does not show that its key lies in the device's chip; /.well-known/est/csrattrs names the attribute");
    }

    private static Refusal stale() {
        return Refusal.of(
                "chip-proof-stale",
                "チップの証明が古いか、既に使われています。新しい番号（nonce）を受け取って作り直してください",
                "The chip's proof is old or was used before; fetch a fresh nonce and have the chip say it again");
    }

    private static Refusal otherDevice() {
        return Refusal.of(
                "chip-of-other-device",
                "このチップは別の機器のものです（製造者の署名した機器情報が、登録券の機器と違います）",
                "The chip is another device's: what its manufacturer signed does not name the device of the ticket");
    }

    private static Refusal elsewhere() {
        return Refusal.of(
                "chip-key-elsewhere",
                "申請された鍵は、示されたチップのそのスロットにありません",
                "The key of the request does not lie in that slot of the chip");
    }

    private static Refusal noTokens() {
        return Refusal.of(
                "token-not-expected",
                "鍵がチップの外（トークン）にあります。この機器提供者の機器にトークンがあることを、運営者が chip-maker-accept … tokens=yes で登録してください",
                "The key lies beside the chip; the operator has to say that this vendor's devices have tokens: "
                        + "`chip-maker-accept … tokens=yes`");
    }

    private static Refusal otherService() {
        return Refusal.of(
                "chip-other-service",
                "申請された鍵は、このチップの別のサービスのスロットにあります。登録券のサービスのスロットで作り直してください",
                "The key of the request lies in another service's slot; make it in the slot of the ticket's service");
    }

    private static Refusal otherChip() {
        return Refusal.of(
                "chip-other-than-device",
                "サービスの鍵が、接続に使われた機器証明書（1階層目）と同じチップにありません",
                "The service's key does not lie in the chip of the device certificate (tier 1) that the connection shows");
    }
}
