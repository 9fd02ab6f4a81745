package org.mizuhiki.pocket;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.consent.Statement.CareRelation;
import org.mizuhiki.consent.Statement.ProvisionalConfirmation;
import org.mizuhiki.consent.Statement.ProvisionalRegistration;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.pocket.outbox.Errand;
import org.mizuhiki.pocket.outbox.Step;
import org.mizuhiki.provisional.Provisionals;
import org.mizuhiki.provisional.Registration;
import org.mizuhiki.records.Picture;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.SealedLetter;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;

/// Provisional registration (仮登録認証), as registrar, as a professional of another institution, and as
/// supervisor. docs/flows/provisional.md names the steps.
public final class Registering {
    private final Desk desk;
    private final Errands errands;
    private final People people;
    private final Provisionals authority;

    Registering(Desk desk, Errands errands, People people, Provisionals authority) {
        this.desk = desk;
        this.errands = errands;
        this.people = people;
        this.authority = authority;
    }

    /// A patient who has an ID now.
    ///
    /// @param secret to be printed for the patient and then forgotten
    /// @param held why servers have not heard of all of it yet; the outbox goes on with it
    public record Registered(
            PersonId patient, ActivationSecret secret, ProvisionalRegistration statement, Optional<Refusal> held) {
        /// When the ID lapses unless it is activated.
        public Instant until() {
            return statement.until();
        }
    }

    /// What the patient takes home.
    ///
    /// @param until when the ID lapses unless it is activated
    public record Sheet(PersonId patient, ActivationSecret secret, Instant until) {}

    /// Where the sheet is written before the ID exists: from then on nothing is lost, wherever this device dies.
    public interface Paper {
        /// On disk when this returns.
        void write(Sheet sheet);

        /// The ID does not exist: the authority said no. Not called where nobody knows, as when it did not answer:
        /// then the sheet stays and [Registering#find] tells later.
        void discard();
    }

    /// For whoever keeps what [#register] returns.
    private static final Paper NONE = new Paper() {
        @Override
        public void write(Sheet sheet) {}

        @Override
        public void discard() {}
    };

    /// As [#register(Path, Duration, Duration, Paper)], with nothing on paper before the ID exists.
    public Registered register(Path picture, Duration life, Duration relation) {
        return register(picture, life, relation, NONE);
    }

    /// Gives a patient who stands here an ID, with a picture of both. Where this device dies on the way, the sheet
    /// is there already, and the next command tells the servers what they have not heard.
    ///
    /// @param life until it lapses, 31 days at most; never beyond the registrar's own accreditation
    /// @param relation how long the care relation is to stand
    /// @throws Refusal `picture-unfit`, and those of [Provisionals#register]
    public Registered register(Path picture, Duration life, Duration relation, Paper paper) {
        // 1. who may look at the picture
        var accredited = authority.accreditation();
        var supervisor = people.find(accredited.supervisor());
        // 2. the picture, without place, time and device
        var shown = Picture.of(Bytes.of(Disk.read(picture, Picture.MAX_BYTES)));
        // 3. the secret that is printed, and the key that comes out of it
        var patient = PersonId.random(desk.die());
        var secret = ActivationSecret.random(desk.die());
        try (var seed = secret.opener(desk.seals()).seed()) {
            var opener = new Opener.XWing(seed, desk.seals().readerKey(seed).publicKey());
            var printed = new Reader.XWing(opener.publicKey());
            // 4. the picture is closed for the patient and the supervisor, and for nobody else
            var sealed = desk.seals()
                    .letters()
                    .close(
                            shown.content(),
                            Canonical.of(Map.of("kind", "two-shot", "type", shown.type(), "patient", patient.value())),
                            desk.device().author(),
                            desk.region().stamps(),
                            List.of(printed, supervisor.reader()));
            // 5. the registrar's word for it
            var until = desk.now().plus(life);
            var statement = new ProvisionalRegistration(
                    desk.me(),
                    patient,
                    accredited.supervisor(),
                    sealed.id(),
                    shown.content().sha256(),
                    opener.keyId(),
                    desk.now(),
                    until.isAfter(accredited.expires()) ? accredited.expires() : until,
                    desk.nonce());
            var signed = desk.sign(statement);
            // 6. all that needs a stamp or this disk, before the ID exists: a patient without a sheet has lost it
            var telling = telling(statement, signed, sealed, printed, desk.now().plus(relation));
            paper.write(new Sheet(patient, secret, statement.until()));
            prepare(telling, sealed);
            // 7. the institution's CA certifies; the signing key that asks for it is forgotten: nobody signs as the
            // patient before the patient does
            var request = EnrolmentRequests.person(KeyFiles.newKeyPair(desk.die()), opener.publicKey());
            try {
                authority.register(signed, request, secret.ticket(desk.seals()));
            } catch (Refusal refusal) {
                forget(patient, telling, paper);
                throw refusal;
            }
            // 8. store, key server, ledger
            return new Registered(patient, secret, statement, told(telling));
        }
    }

    private Errand telling(
            ProvisionalRegistration statement, Bytes signed, SealedLetter sealed, Reader printed, Instant until) {
        var slots = new java.util.LinkedHashMap<PersonId, Slot>();
        for (var slot : sealed.slots()) {
            slots.put(slot.keyId().equals(printed.keyId()) ? statement.patient() : statement.supervisor(), slot);
        }
        var half = new CareRelation(desk.me(), desk.me(), statement.patient(), desk.now(), until, desk.nonce());
        var steps = new ArrayList<Step>();
        steps.add(new Step.Keep(sealed.id()));
        steps.add(new Step.Register(sealed.id(), List.of(), statement.patient()));
        steps.add(new Step.FileRegistration(signed, slots));
        steps.add(new Step.Share(sealed.id(), statement.supervisor(), statement.id(), statement.until()));
        steps.add(new Step.Logged(statement.kind(), statement.id()));
        steps.add(new Step.Say(desk.sign(half)));
        steps.add(new Step.Logged(half.kind(), half.id()));
        var about = Canonical.of(Map.of("patient", statement.patient().value()));
        Disk.write(picture(sealed), sealed.body().toArray());
        return new Errand(desk.nonce(), "registration", about, steps);
    }

    private Path picture(SealedLetter sealed) {
        return Disk.folder(desk.device().folder().resolve("pictures"))
                .resolve(sealed.id().hex());
    }

    private void prepare(Errand telling, SealedLetter sealed) {
        var body = picture(sealed);
        try {
            errands.prepare(telling, Map.of(sealed.id(), body));
        } finally {
            Disk.attempt(() -> java.nio.file.Files.deleteIfExists(body));
        }
    }

    /// Only when the authority says that it has no such ID: an answer may be lost after the deed.
    private void forget(PersonId patient, Errand telling, Paper paper) {
        try {
            authority.find(patient);
        } catch (Refusal refusal) {
            if (refusal.code().equals("registration-unknown")) {
                errands.drop(telling.id());
                paper.discard();
            }
        }
    }

    private Optional<Refusal> told(Errand telling) {
        try {
            errands.go(telling);
            return Optional.empty();
        } catch (Refusal refusal) {
            // the patient has the ID already and must get the sheet; what is missing waits in the outbox
            return Optional.of(refusal);
        }
    }

    /// What this person registered or supervises.
    public List<Registration> list() {
        return authority.list();
    }

    public Registration find(PersonId patient) {
        return authority.find(patient);
    }

    /// Confirms that the patient who stands here has the device that activated the ID: the code on it is that
    /// of the keys in the directory. Whoever used a copied sheet first has another device, and it shows here.
    ///
    /// @param code as [Activation#code] shows it on the patient's device
    /// @throws Refusal `code-differs`, `not-activated`, `confirmation-not-independent`
    public Registration confirm(PersonId patient, String code) {
        var standing = authority.find(patient);
        if (standing.stage() == Registration.Stage.PROVISIONAL) {
            throw Refusal.of(
                    "not-activated",
                    "患者がまだ用紙を使って端末を登録していません。先に登録してもらってください",
                    "The patient has not activated the registration yet; let the patient do that first");
        }
        if (standing.confirmedBy().filter(desk.me()::equals).isPresent()) {
            return standing;
        }
        var signing = people.find(patient).signing().getFirst();
        if (!DeviceCode.of(patient, signing).equals(code.replaceAll("\\s", ""))) {
            throw Refusal.of(
                    "code-differs",
                    "番号が違います。患者の端末は、このIDを有効にした端末ではありません。打ち間違いでなければ、用紙が他人に使われています。登録した医療機関に停止を依頼してください",
                    "The code differs: this patient's device is not the one that activated the ID. Unless it was mistyped,"
                            + " somebody else used the sheet; have the registration suspended");
        }
        var confirmation =
                new ProvisionalConfirmation(desk.me(), patient, standing.registration(), desk.now(), desk.nonce());
        var signed = desk.sign(confirmation);
        errands.run(
                "confirmation",
                Map.of("patient", patient.value()),
                List.of(new Step.Say(signed), new Step.Logged(confirmation.kind(), confirmation.id())));
        return authority.confirm(signed);
    }

    /// Ends a registration that nobody activated before its time.
    ///
    /// @throws Refusal `activated-already`
    public Registration lapse(PersonId patient) {
        var stage = authority.find(patient).stage();
        if (stage == Registration.Stage.ACTIVATED || stage == Registration.Stage.CONFIRMED) {
            throw Refusal.of(
                    "activated-already",
                    "この仮登録は患者が有効にしています。疑いがあるときは suspend で停止してください",
                    "The patient has activated this registration; in doubt suspend it");
        }
        return stage == Registration.Stage.LAPSED ? authority.find(patient) : suspend(patient, "lapsed");
    }

    /// Ends a registration at once: the patient's certificates, the printed secret, and what was granted on
    /// the registration's strength.
    ///
    /// @param reason a code word
    /// @throws Refusal `registration-unknown`, `not-yours-to-end`
    public Registration suspend(PersonId patient, String reason) {
        var standing = authority.find(patient);
        var revocation = new Revocation(desk.me(), standing.registration(), reason, desk.now(), desk.nonce());
        var signed = desk.sign(revocation);
        // the authority first: it decides who may, and cuts the person off
        var suspended = authority.suspend(signed);
        if (standing.stage() != Registration.Stage.SUSPENDED) {
            errands.run(
                    "suspension",
                    Map.of("patient", patient.value()),
                    List.of(new Step.Say(signed), new Step.Logged(revocation.kind(), revocation.id())));
        }
        return suspended;
    }
}
