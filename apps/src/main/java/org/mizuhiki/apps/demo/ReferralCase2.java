package org.mizuhiki.apps.demo;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.Activation;
import org.mizuhiki.pocket.ActivationSecret;
import org.mizuhiki.pocket.NewLetter;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.pocket.ReadLetter;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.pocket.Registering;
import org.mizuhiki.pocket.Registering.Registered;
import org.mizuhiki.pocket.Written;
import org.mizuhiki.provisional.Registration;
import org.mizuhiki.provisional.RemoteActivation;
import org.mizuhiki.provisional.RemoteProvisionals;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.LetterForm;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peers;

/// Referral case 2 (the patient has no ID): the nine steps of the seed, "電子紹介状授受システム", then what the
/// patient does with the sheet, and the proof of what is claimed. Steps 1 and 2 come before the patient has
/// an ID, so the letter waits on doctor A's own device until step 5.
final class ReferralCase2 {
    static final String NAME = "referral-case-2";
    private static final Duration MONTH = Duration.ofDays(30);

    private final Telling telling;
    private final Place place;
    private final Cast cast;
    private final Cast.Player supervisor;
    private final ReferralCase1.Papers papers;
    private final LetterForm form;
    private final Clock clock;
    private final SecureRandom die;

    ReferralCase2(
            Telling telling,
            Place place,
            Cast cast,
            Cast.Player supervisor,
            ReferralCase1.Papers papers,
            LetterForm form,
            Clock clock,
            SecureRandom die) {
        this.telling = telling;
        this.place = place;
        this.cast = cast;
        this.supervisor = supervisor;
        this.papers = papers;
        this.form = form;
        this.clock = clock;
        this.die = die;
    }

    void tell() throws Exception {
        telling.chapter("紹介ケース2：患者さんがIDを持っていない場合", "Referral case 2: the patient has no ID");
        accredit();
        examined("1-examination-by-a", "1. 医師Aが患者さんを診察する", "Doctor A examines the patient, who has no ID");
        checked();
        var picture = picture();
        var registered = register(picture);
        var letter = save(registered);
        grant(letter);
        examined("7-visit-to-b", "7. 患者さんが医師Bを受診する", "The patient visits doctor B, with the sheet only");
        var read = open(letter);
        examined("9-examination-by-b", "9. 医師Bが診察する", "Doctor B examines the patient, the letter at hand");
        afterwards(registered, letter, read);
    }

    private void accredit() throws Exception {
        telling.step(
                NAME,
                "accreditation",
                "医師Aを登録者（ミニ認証局）として認定する：人数と期限つき、監督者つき",
                "Doctor A is accredited as registrar: counted, for a time, under a supervisor",
                () -> {
                    var site = java.util.Objects.requireNonNull(OneMachine.SITES.get("gateway-a"));
                    place.operate(
                            "authority",
                            "registrar-ca-create",
                            Map.of("code", site.code(), "name", site.name(), "quota", "10"));
                    place.operate(
                            "authority",
                            "registrar-accredit",
                            Map.of(
                                    "person", cast.doctorA().id().value(),
                                    "supervisor", supervisor.id().value(),
                                    "quota", "5"));
                    return new Told<>("", "5 patients, 92 days");
                });
    }

    private void examined(String step, String japanese, String english) throws Exception {
        telling.step(NAME, step, japanese, english, () -> new Told<>("", ""));
    }

    private void checked() throws Exception {
        telling.step(NAME, "2-letter-written", "2. 医師Aが紹介状を作成する", "Doctor A writes the letter", () -> {
            expect(
                    form.check(papers.document()) instanceof org.mizuhiki.records.LetterCheck.Accepted,
                    "it is a letter");
            return new Told<>("", papers.document().size() + " B");
        });
    }

    private Path picture() throws Exception {
        return telling.step(
                NAME, "3-two-shot", "3. 2ショット認証：患者さんと医師Aが一緒に写る", "A picture of patient and doctor A together", () -> {
                    var file = cast.doctorA().folder().resolve("two-shot.jpg");
                    ImageIO.write(drawn(), "jpeg", file.toFile());
                    return new Told<>(file, Files.size(file) + " B");
                });
    }

    /// Two figures: nobody's photo.
    private static BufferedImage drawn() {
        var image = new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB);
        var pen = image.createGraphics();
        pen.setColor(Color.WHITE);
        pen.fillRect(0, 0, 640, 480);
        for (int x : new int[] {200, 440}) {
            pen.setColor(Color.DARK_GRAY);
            pen.fillOval(x - 50, 100, 100, 120);
            pen.fillRoundRect(x - 90, 230, 180, 250, 60, 60);
        }
        pen.dispose();
        return image;
    }

    private Registered register(Path picture) throws Exception {
        return telling.step(
                NAME,
                "4-provisional-registration",
                "4. 医師Aが仮登録認証をし、患者さんにIDと用紙を渡す",
                "Doctor A registers the patient, who gets an ID and a sheet",
                () -> {
                    var registered = registering(cast.doctorA()).register(picture, MONTH, MONTH);
                    expect(registered.held().isEmpty(), "every server has heard of it");
                    return new Told<>(registered, registered.patient().value());
                });
    }

    private Digest save(Registered registered) throws Exception {
        return telling.step(NAME, "5-letter-saved", "5. 医師Aが紹介状を保存する", "Doctor A seals and saves the letter", () -> {
            var post = cast.doctorA().pocket().post();
            var letter = new NewLetter(
                    registered.patient(), papers.document(), papers.files(), form, AttachmentReading::check);
            if (!(post.write(letter) instanceof Written.Drafted(var draft, var findings))) {
                throw new IllegalStateException("the letter has not the form");
            }
            var sent = post.send(draft.id());
            return new Told<>(sent.letter(), "letter " + sent.letter() + ", " + findings.size() + " warnings");
        });
    }

    private void grant(Digest letter) throws Exception {
        telling.step(
                NAME,
                "6-lateral-grant",
                "6. 医師Aが医師Bに閲覧を許す（横認証）",
                "Doctor A opens it to doctor B (lateral grant)",
                () -> new Told<>(
                        "",
                        "grant "
                                + cast.doctorA()
                                        .pocket()
                                        .grants()
                                        .give(letter, cast.doctorB().id(), MONTH, "referral")));
    }

    private ReadLetter open(Digest letter) throws Exception {
        return telling.step(NAME, "8-letter-opened", "8. 医師Bが紹介状を閲覧する", "Doctor B opens the letter", () -> {
            var read = cast.doctorB().pocket().reading().open(letter, "referral");
            expect(read.document().equals(papers.document()), "the document is bit-identical");
            expect(
                    read.proofs().stream().anyMatch(p -> p.statement().kind().equals("provisional-registration")),
                    "the registration is proven by the ledger");
            return new Told<>(read, "signed by " + read.author().name());
        });
    }

    private void afterwards(Registered registered, Digest letter, ReadLetter read) throws Exception {
        telling.chapter("そのあと：患者さんの端末、監督、悪用", "Afterwards: the patient's device, supervision, misuse");
        supervised(registered);
        try (var secret = ActivationSecret.parse(registered.secret().revealedWords())) {
            activate(secret, letter, read);
        }
    }

    private void supervised(Registered registered) throws Exception {
        telling.step(
                NAME,
                "proof-supervision",
                "写真は監督者だけが確かめられる（医師A自身も開けない）",
                "The supervisor looks at the picture; doctor A cannot",
                () -> {
                    var evidence = registered.statement().evidence();
                    var shown = supervisor.pocket().twoShots().open(evidence);
                    expect(
                            shown.picture()
                                    .sha256()
                                    .equals(registered.statement().picture()),
                            "it is the picture of the statement");
                    return new Told<>(
                            "", refusal(() -> cast.doctorA().pocket().twoShots().open(evidence), "not-a-reader"));
                });
    }

    private void activate(ActivationSecret secret, Digest letter, ReadLetter read) throws Exception {
        var folder = Files.createDirectories(place.folder().resolve("people").resolve("patient-2"));
        try (var device = Activation.begin(
                        folder, anonymous(), activations(), secret, passphrase(), new Seals(die), clock);
                var connection = Region.connect(place.region(), Optional.of(device), clock, die)) {
            var pocket = new Pocket(device, connection.region(), clock, die);
            telling.step(
                    NAME,
                    "activation",
                    "患者さんが用紙の言葉で自分の端末を登録し、自分の鍵で紹介状を読む",
                    "The patient activates a device of their own with the words of the sheet, and reads the letter",
                    () -> {
                        int wrapped = pocket.activation().finish(passphrase()).letters();
                        expect(wrapped == 2, "letter and picture are wrapped for the patient's own key");
                        expect(
                                pocket.reading().open(letter, "own").document().equals(read.document()),
                                "the patient has it bit for bit");
                        return new Told<>("", device.id() + ", " + wrapped + " wrapped anew");
                    });
            used(secret);
            confirmed(pocket, device.id());
        }
    }

    private void used(ActivationSecret secret) throws Exception {
        telling.step(NAME, "proof-sheet-dead", "用紙はもう使えない", "The sheet opens nothing any more", () -> {
            var thief = Files.createDirectories(place.folder().resolve("people").resolve("thief"));
            return new Told<>(
                    "",
                    refusal(
                            () -> Activation.begin(
                                    thief, anonymous(), activations(), secret, passphrase(), new Seals(die), clock),
                            "activation-used"));
        });
    }

    private void confirmed(Pocket patient, org.mizuhiki.house.PersonId id) throws Exception {
        telling.step(
                NAME,
                "confirmation",
                "医師Bの病院が、端末の番号で本人を確認する（監督者にも見える）",
                "At doctor B's hospital the patient is confirmed by the device's code; the supervisor sees it",
                () -> {
                    var standing = registering(cast.doctorB())
                            .confirm(id, patient.activation().code());
                    expect(standing.stage() == Registration.Stage.CONFIRMED, "confirmed");
                    var listed = registering(supervisor).list().getFirst();
                    expect(listed.others() == 1, "the second use of the sheet is on the supervisor's list");
                    return new Told<>("", standing.stage().name());
                });
    }

    private Registering registering(Cast.Player player) {
        var region = place.region();
        var authority = Peers.connect(
                URI.create(region.authority()),
                player.device().identity(region.trust().roots()),
                die);
        return player.pocket().registering(new RemoteProvisionals(authority));
    }

    private RemoteActivation activations() {
        var region = place.region();
        return new RemoteActivation(Peers.connect(
                URI.create(region.authority()),
                Identity.anonymous(region.trust().roots()),
                die));
    }

    private Region anonymous() {
        try (var connection = Region.connect(place.region(), Optional.empty(), clock, die)) {
            return connection.region();
        }
    }

    /// Of a device that nobody uses after the story.
    private static Secret passphrase() {
        return Secret.taking("nine words are enough".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    @FunctionalInterface
    private interface Trying {
        Object done() throws IOException;
    }

    private static String refusal(Trying trying, String code) throws IOException {
        try {
            trying.done();
        } catch (Refusal refusal) {
            expect(List.of(code).contains(refusal.code()), "refused for what it is: " + refusal.code());
            return refusal.code();
        }
        throw new IllegalStateException("it was not refused: " + code);
    }

    private static void expect(boolean holds, String claim) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + claim);
        }
    }
}
