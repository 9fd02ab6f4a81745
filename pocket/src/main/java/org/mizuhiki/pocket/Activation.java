package org.mizuhiki.pocket;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.consent.Statement.ProvisionalConfirmation;
import org.mizuhiki.consent.Statement.ProvisionalRegistration;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.pocket.outbox.Step;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.SealedLetter;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.wire.Temporary;

/// The patient's side of a provisional registration: keys of one's own in the place of those of the printed
/// secret. docs/flows/provisional.md names the steps.
public final class Activation {
    private static final int MAX_BYTES = 1 << 12;

    private final Desk desk;
    private final Errands errands;
    private final Envelopes envelopes;

    Activation(Desk desk, Errands errands, Envelopes envelopes) {
        this.desk = desk;
        this.errands = errands;
        this.envelopes = envelopes;
    }

    /// Makes keys on this device and has them certified; [#finish] does the rest. Repeating it after a
    /// crash or a lost answer, with the same folder, secret and passphrase, goes on with the same
    /// activation.
    ///
    /// @param desk where the ticket that comes out of the secret is redeemed
    /// @throws Refusal `activation-unknown`, `activation-used`, `registration-over`, and those of
    /// [Device#create]
    public static Device begin(
            Path folder,
            Region region,
            Enrolment desk,
            ActivationSecret secret,
            Secret passphrase,
            Seals seals,
            Clock clock) {
        // 1. the secret is on disk, closed, before it is used up: letters open with it until they are rewrapped
        var pending = pending(Disk.folder(folder));
        if (Files.exists(folder.resolve("keyring"))) {
            if (!Files.exists(pending)) {
                throw Refusal.of(
                        "device-exists",
                        "このフォルダーにはすでに端末が登録されています。別のフォルダーを指定してください",
                        "A device is enrolled in this folder already; choose another folder");
            }
            return Device.open(folder, passphrase, seals);
        }
        try (var bits = secret.copy()) {
            Disk.write(pending, seals.boxes().close(bits, passphrase).toArray());
        }
        // 2. keys are made here, and certified in the place of the printed ones
        return Device.create(folder, region.enrollingBy(desk), secret.ticket(seals), passphrase, seals, clock);
    }

    /// @param letters how many were wrapped anew
    /// @param left those that could not be, and why
    public record Done(int letters, Map<Digest, Refusal> left) {
        public Done {
            left = Map.copyOf(left);
        }
    }

    /// What became of each letter.
    private static final class Wrapped {
        private final Map<Digest, Refusal> left = new LinkedHashMap<>();
        private Optional<Refusal> away = Optional.empty();
        private int done;

        void add(Digest letter, BooleanSupplier work) {
            try {
                done += work.getAsBoolean() ? 1 : 0;
            } catch (Refusal refusal) {
                if (Temporary.is(refusal)) {
                    away = Optional.of(refusal);
                } else {
                    left.put(letter, refusal);
                }
            }
        }

        /// Once the secret is forgotten nothing more can be tried.
        void mustBeTried() {
            away.ifPresent(refusal -> {
                throw refusal;
            });
        }
    }

    /// Wraps every letter for the device's own key, confirms the registration, and forgets the secret,
    /// which opens nothing from then on.
    ///
    /// A letter that does not hold, or that a server answers wrongly, is left out and named: one bad
    /// letter must not keep the others, and the printed secret, from their end. Its author seals it
    /// again (`letter reseal`).
    ///
    /// @throws Refusal `registration-unknown`, and what a server answers that is merely away: the secret
    /// stays, and what was not done is done when it is repeated
    public Done finish(Secret passphrase) {
        var pending = pending(desk.device().folder());
        if (!Files.exists(pending)) {
            return new Done(0, Map.of());
        }
        var wrapped = new Wrapped();
        try (var secret = ActivationSecret.of(
                        desk.seals().boxes().open(Bytes.of(Disk.read(pending, MAX_BYTES)), passphrase));
                var seed = secret.opener(desk.seals()).seed()) {
            var printed = new Opener.XWing(seed, desk.seals().readerKey(seed).publicKey());
            var said = Said.of(desk);
            var registration = registration(said, printed);
            // 1. each letter, and the picture
            for (var letter : mine(said, registration)) {
                wrapped.add(letter, () -> rewrapped(letter, printed));
            }
            wrapped.mustBeTried();
            // 2. say so: the key server lets go of what the printed secret opened
            confirm(registration, said);
        }
        // 3. nothing of it stays
        Disk.attempt(() -> Files.deleteIfExists(pending));
        return new Done(wrapped.done, wrapped.left);
    }

    /// Six digits to show to a professional who is to confirm this person, see [Registering#confirm].
    public String code() {
        return DeviceCode.of(desk.me(), desk.device().author().chain().getFirst());
    }

    private ProvisionalRegistration registration(Said said, Opener printed) {
        return said.of(ProvisionalRegistration.class).stream()
                .map(Attested::statement)
                .filter(r -> r.patient().equals(desk.me()) && r.key().equals(printed.keyId()))
                .findFirst()
                .orElseThrow(() -> Refusal.of(
                        "registration-unknown",
                        "鍵サーバに登録の申告がまだありません。しばらくしてから、もう一度実行してください",
                        "The key server has not heard of the registration yet; try again in a while"));
    }

    private List<Digest> mine(Said said, ProvisionalRegistration registration) {
        var letters = new java.util.ArrayList<Digest>();
        letters.add(registration.evidence());
        said.of(LetterSealed.class).stream()
                .map(Attested::statement)
                .filter(s -> s.owner().equals(desk.me()))
                .forEach(s -> letters.add(s.letter()));
        return letters;
    }

    /// @return false when it was done before
    private boolean rewrapped(Digest letter, Opener.XWing printed) {
        var disclosure =
                new Disclosure(desk.me(), desk.me(), letter, Optional.empty(), "activation", desk.now(), desk.nonce());
        var slot =
                desk.region().keys().release(desk.me(), desk.sign(disclosure)).slot();
        if (!slot.keyId().equals(printed.keyId())) {
            return false;
        }
        var body = envelopes.body(letter);
        var own = desk.seals().letters().addSlot(new SealedLetter(body, List.of(slot)), printed, desk.myReader());
        desk.region().keys().replace(desk.me(), letter, own);
        return true;
    }

    private void confirm(ProvisionalRegistration registration, Said said) {
        boolean before = said.of(ProvisionalConfirmation.class).stream()
                .map(Attested::statement)
                .anyMatch(c -> c.by().equals(desk.me()) && c.registration().equals(registration.id()));
        if (before) {
            return;
        }
        var confirmation =
                new ProvisionalConfirmation(desk.me(), desk.me(), registration.id(), desk.now(), desk.nonce());
        errands.run(
                "activation",
                Map.of("registration", registration.id().hex()),
                List.of(
                        new Step.Say(desk.sign(confirmation)),
                        new Step.Logged(confirmation.kind(), confirmation.id())));
    }

    private static Path pending(Path folder) {
        return folder.resolve("activation.pending");
    }
}
