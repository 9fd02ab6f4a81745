package org.mizuhiki.apps.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.mizuhiki.apps.demo.Telling.Told;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.NewLetter;
import org.mizuhiki.pocket.ReadLetter;
import org.mizuhiki.pocket.SentLetter;
import org.mizuhiki.pocket.Written;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.Finding;
import org.mizuhiki.records.LetterForm;
import org.mizuhiki.trust.Member;

/// Referral case 1 (the patient has an ID): the seven steps of the seed, "電子紹介状授受システム", then the
/// proof of every claim.
final class ReferralCase1 {
    static final String NAME = "referral-case-1";
    private static final Duration FOLLOW_UP = Duration.ofDays(90);

    /// What a stranger is told: nothing that says whether the letter exists.
    private static final Set<String> REFUSED = Set.of("letter-unknown", "not-a-reader");

    private static final Set<String> ENDED = Set.of("blob-unknown", "grant-revoked", "not-a-reader");
    private static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");

    private final Telling telling;
    private final Cast cast;
    private final Papers papers;
    private final LetterForm form;

    ReferralCase1(Telling telling, Cast cast, Papers papers, LetterForm form) {
        this.telling = telling;
        this.cast = cast;
        this.papers = papers;
        this.form = form;
    }

    /// @return the letter's name
    Digest tell() throws Exception {
        telling.chapter("紹介ケース1：患者さんがIDを持っている場合", "Referral case 1: the patient has an ID");
        examinedBy(
                cast.doctorA(),
                "1-examination-by-a",
                "1. 医師Aが患者さんを診察し、認証（関係の署名）を交わす",
                "Doctor A examines the patient; both sign the care relation");
        var draft = write();
        var sent = save(draft);
        var grant = grant(sent);
        examinedBy(
                cast.doctorB(),
                "5-visit-to-b",
                "5. 患者さんが医師Bを受診する",
                "The patient visits doctor B; both sign the care relation");
        var read = open(sent);
        examination(read);
        prove(sent, grant, read);
        return sent.letter();
    }

    private void examinedBy(Cast.Player doctor, String step, String japanese, String english) throws Exception {
        telling.step(NAME, step, japanese, english, () -> {
            doctor.pocket().relations().propose(cast.patient().id(), FOLLOW_UP);
            cast.patient().pocket().relations().accept(doctor.id());
            return new Told<>("", doctor.id() + " ⇄ " + cast.patient().id());
        });
    }

    private String write() throws Exception {
        return telling.step(
                NAME,
                "2-letter-written",
                "2. 医師Aが紹介状を作成する（PDFと画像を添付）",
                "Doctor A writes the letter, with a PDF and an image",
                () -> {
                    var letter = new NewLetter(
                            cast.patient().id(), papers.document(), papers.files(), form, AttachmentReading::check);
                    return switch (cast.doctorA().pocket().post().write(letter)) {
                        case Written.Drafted(var draft, var findings) ->
                            new Told<>(
                                    draft.id(),
                                    papers.document().size() + " B, "
                                            + papers.files().size() + " files, " + findings.size() + " warnings");
                        case Written.NotALetter(var findings) -> throw notALetter(findings);
                    };
                });
    }

    private static Refusal notALetter(List<Finding> findings) {
        var lines = findings.stream()
                .filter(Finding::isError)
                .limit(10)
                .map(Finding::toString)
                .toList();
        return Refusal.of(
                "letter-rejected",
                "紹介状の形式が正しくありません: " + String.join("; ", lines),
                "The letter has not the form: " + String.join("; ", lines));
    }

    private SentLetter save(String draft) throws Exception {
        return telling.step(NAME, "3-letter-saved", "3. 医師Aが封緘して保存する", "Doctor A seals it and saves it", () -> {
            var sent = cast.doctorA().pocket().post().send(draft);
            return new Told<>(sent, "letter " + sent.letter());
        });
    }

    private Digest grant(SentLetter sent) throws Exception {
        return telling.step(
                NAME,
                "4-lateral-grant",
                "4. 医師Aが医師Bに閲覧を許す（横認証）",
                "Doctor A opens it to doctor B (lateral grant)",
                () -> {
                    var grant = cast.doctorA()
                            .pocket()
                            .grants()
                            .give(sent.letter(), cast.doctorB().id(), FOLLOW_UP, "referral");
                    return new Told<>(grant, "grant " + grant);
                });
    }

    private ReadLetter open(SentLetter sent) throws Exception {
        return telling.step(NAME, "6-letter-opened", "6. 医師Bが紹介状を閲覧する", "Doctor B opens the letter", () -> {
            var waiting = cast.doctorB().pocket().post().inbox(10, Long.MAX_VALUE);
            expect(
                    waiting.stream().anyMatch(n -> n.letter().equals(sent.letter())),
                    "the letter is in doctor B's inbox");
            var read = cast.doctorB().pocket().reading().open(sent.letter(), "referral");
            return new Told<>(
                    read,
                    "signed by " + read.author().name() + ", " + read.author().institutionName() + ", "
                            + read.signedAt().atZone(TOKYO).toLocalDateTime());
        });
    }

    /// Doctor B has letter, PDF and image at hand, on the own device.
    private void examination(ReadLetter read) throws Exception {
        telling.step(
                NAME,
                "7-examination-by-b",
                "7. 医師Bが診察する（添付も端末に取り出す）",
                "Doctor B examines the patient, attachments at hand",
                () -> {
                    var folder = Files.createDirectories(cast.doctorB().folder().resolve("received"));
                    var files = cast.doctorB().pocket().reading().save(read, folder);
                    expect(files.size() == papers.files().size(), "every attachment arrived");
                    for (var file : papers.files()) {
                        var got = files.stream()
                                .filter(f -> f.getFileName().equals(file.getFileName()))
                                .findFirst();
                        expect(
                                got.isPresent() && Files.mismatch(file, got.get()) == -1,
                                file.getFileName() + " is bit-identical");
                    }
                    return new Told<>("", files.size() + " files, bit-identical");
                });
    }

    private void prove(SentLetter sent, Digest grant, ReadLetter read) throws Exception {
        telling.chapter("主張の証明", "Proof of the claims");
        telling.step(NAME, "proof-bit-identical", "医師Bが得た紹介状は1ビットも違わない", "Doctor B has the letter bit for bit", () -> {
            expect(read.document().equals(papers.document()), "the document is bit-identical");
            return new Told<>("", "SHA-256 " + read.document().sha256());
        });
        telling.step(
                NAME, "proof-evidence", "署名・タイムスタンプ・台帳の証明が成り立つ", "Signature, time stamp and ledger proofs hold", () -> {
                    var kinds = new ArrayList<String>();
                    read.proofs().forEach(p -> kinds.add(p.statement().kind()));
                    expect(
                            kinds.containsAll(List.of("letter-sealed", "lateral-grant", "care-relation", "disclosure")),
                            "all proofs are there: " + kinds);
                    return new Told<>("", String.join(", ", kinds));
                });
        refused("proof-third-doctor", "第三の医師は開けない", "A third doctor is refused", cast.doctorC(), sent);
        refused("proof-other-patient", "別の患者は開けない", "Another patient is refused", cast.otherPatient(), sent);
        trail(sent);
        revoke(sent, grant);
    }

    private void refused(String step, String japanese, String english, Cast.Player stranger, SentLetter sent)
            throws Exception {
        telling.step(NAME, step, japanese, english, () -> {
            try {
                stranger.pocket().reading().open(sent.letter(), "curiosity");
            } catch (Refusal refusal) {
                expect(REFUSED.contains(refusal.code()), "refused for what it is, not for a fault: " + refusal.code());
                return new Told<>("", refusal.code());
            }
            throw new IllegalStateException("a stranger opened the letter");
        });
    }

    private void trail(SentLetter sent) throws Exception {
        telling.step(
                NAME, "proof-patient-sees", "患者さんは誰がいつ開いたかを見られる", "The patient sees who opened it and when", () -> {
                    var openings = cast.patient().pocket().trail().openings(sent.letter());
                    var byB = openings.stream()
                            .filter(o -> o.who() instanceof Member.Professional p
                                    && p.id().equals(cast.doctorB().id()))
                            .findFirst()
                            .orElseThrow(() -> new IllegalStateException("doctor B's opening is not in the trail"));
                    expect(byB.proof().isPresent(), "the opening is proven by the ledger");
                    var who = (Member.Professional) byB.who();
                    return new Told<>(
                            "",
                            who.name() + " (" + who.institutionName() + "), "
                                    + byB.at().atZone(TOKYO).toLocalDateTime());
                });
    }

    private void revoke(SentLetter sent, Digest grant) throws Exception {
        telling.step(
                NAME,
                "proof-revocation",
                "横認証を取り消すと、医師Bはもう開けない",
                "After the grant is revoked doctor B cannot open it again",
                () -> {
                    cast.doctorA().pocket().grants().revoke(grant, "treatment-ended");
                    try {
                        cast.doctorB().pocket().reading().open(sent.letter(), "referral");
                    } catch (Refusal refusal) {
                        expect(ENDED.contains(refusal.code()), "refused because it ended: " + refusal.code());
                        return new Told<>("", refusal.code());
                    }
                    throw new IllegalStateException("a revoked grant still opens");
                });
    }

    private static void expect(boolean holds, String claim) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + claim);
        }
    }

    /// The letter that is sent, as files of doctor A.
    record Papers(org.mizuhiki.house.Bytes document, List<Path> files) {}
}
