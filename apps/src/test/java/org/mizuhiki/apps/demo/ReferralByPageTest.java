package org.mizuhiki.apps.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.house.Digest;
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.records.LetterCheck;

/// A referral written and sent by clicking: what the page sends a device opens, and what it says is so.
@Tag("V7")
@Tag("V9")
@Tag("B4")
class ReferralByPageTest extends PortalClicking {
    private final PortalDoor doctorA;
    private final PortalDoor doctorB;

    ReferralByPageTest(PortalStage stage) {
        super(stage);
        doctorA = stage.door(stage.played.cast.doctorA());
        doctorB = stage.door(stage.played.cast.doctorB());
    }

    private record Words(
            String logIn,
            String write,
            String search,
            String choose,
            String look,
            String willHappen,
            String send,
            String done) {}

    private static final Words JAPANESE =
            new Words("ログイン", "紹介状を書く", "探す", "この医師に送る", "送る前に、何が起きるかを見る", "送ると起きること", "署名して封をして送る", "送りました");
    private static final Words ENGLISH = new Words(
            "Log in",
            "Write a referral",
            "Search",
            "Choose",
            "Look at what will happen, before sending",
            "What will happen",
            "Sign, seal and send",
            "Sent");

    private Set<Digest> sent() {
        return stage.played.cast.doctorA().pocket().post().sent().stream()
                .map(LetterSealed::letter)
                .collect(Collectors.toSet());
    }

    private Digest fresh(Set<Digest> before) {
        var now = sent();
        now.removeAll(before);
        assertEquals(1, now.size(), "exactly one letter was sent");
        return now.iterator().next();
    }

    /// Fills the form in, with markup in every text.
    private void fill(Words words, List<Path> files) {
        click(AriaRole.LINK, words.write());
        headed(words.write());
        page().locator("#f-patient").fill(stage.played.cast.patient().id().value());
        page().locator("#f-family").fill("渡瀬");
        page().locator("#f-givenName").fill("いろは" + PortalStage.SCRIPT);
        page().locator("#f-familyKana").fill("ワタセ");
        page().locator("#f-givenKana").fill("イロハ");
        page().locator("#f-birthDate").fill("1966-06-12");
        page().locator("#sex").selectOption("female");
        page().locator("#f-number").fill("0204233");
        page().locator("#f-insurance").fill("99993155:結び:425:01");
        page().locator("#reader").fill("あわじ");
        click(AriaRole.BUTTON, words.search());
        page().getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(words.choose() + ": 結び市立あわじ病院 雪代 環"))
                .click();
        assertThat(page().locator("form .holds")).containsText("雪代 環");
        page().locator("#template").selectOption("精査のお願い");
        page().locator("#f-problem").fill("狭心症" + PortalStage.SCRIPT);
        page().locator("#f-problemCode").fill("20058911");
        page().locator("#f-onset").fill("2026-09-01");
        page().locator("#f-presentIllness").fill("坂道で胸が締め付けられる。\n" + PortalStage.SCRIPT);
        page().locator("#files").setInputFiles(files.toArray(Path[]::new));
    }

    private void plan(Words words) {
        click(AriaRole.BUTTON, words.look());
        headed(words.willHappen());
        assertThat(page().locator("main")).containsText("雪代 環");
        assertEquals(0, page().locator("main img, main script").count());
    }

    private void send(Words words) {
        click(AriaRole.BUTTON, words.send());
        headed(words.done());
    }

    private void writes(String language, Words words) throws Exception {
        var before = sent();
        var papers = stage.played.papers().papers();
        logIn(doctorA, words.logIn());
        fill(words, papers.files());
        look(language + "-20-write");
        plan(words);
        look(language + "-21-what-will-happen");
        send(words);
        look(language + "-22-sent");
        var letter = fresh(before);
        opensOnADevice(letter, papers.files());
        click(AriaRole.LINK, language.equals("ja") ? "送った紹介状" : "Referrals you sent");
        assertThat(page().locator("ul.letters")).containsText(doctorB.person().value());
        look(language + "-23-list");
        assertFalse(page().title().contains("ran"), page().title());
    }

    /// The reader's and the patient's devices open it; the document has the national form, bit-identical files.
    private void opensOnADevice(Digest letter, List<Path> files) throws Exception {
        var cast = stage.played.cast;
        var read = cast.doctorB().pocket().reading().open(letter, "treatment");
        var check = assertInstanceOf(LetterCheck.Accepted.class, new DocumentRules().check(read.document()));
        assertEquals(List.of(), check.warnings());
        assertEquals("水引 匠", read.author().name());
        var folder = Files.createTempDirectory(cast.doctorB().folder(), "by-page");
        var saved = cast.doctorB().pocket().reading().save(read, folder);
        assertEquals(files.size(), saved.size());
        for (var file : files) {
            assertEquals(-1, Files.mismatch(file, folder.resolve(file.getFileName())), file.toString());
        }
        var own = cast.patient().pocket().reading().open(letter, "own");
        assertEquals(read.document(), own.document());
        var again = cast.doctorA().pocket().reading().open(letter, "own");
        assertEquals(read.document(), again.document());
        var grant = cast.doctorB().pocket().grants().list().stream()
                .filter(g -> g.statement().letter().equals(letter))
                .findFirst()
                .orElseThrow();
        assertEquals("referral", grant.statement().purpose());
        assertTrue(grant.statement().until().isAfter(Instant.now().plusSeconds(59 * 86_400L)));
    }

    @Test
    void aDoctorWritesAndSendsByClickingInJapaneseAndADeviceOpensIt() throws Exception {
        open("ja-JP", ColorScheme.LIGHT, doctorB.page());
        writes("ja", JAPANESE);
    }

    @Test
    void aDoctorWritesAndSendsByClickingInEnglishAndInTheDark() throws Exception {
        open("en-GB", ColorScheme.DARK, doctorB.page());
        writes("en", ENGLISH);
    }

    @Test
    void whatAPageSentAPageOpens() throws Exception {
        open("ja-JP", ColorScheme.LIGHT, doctorB.page());
        var before = sent();
        logIn(doctorA, "ログイン");
        fill(JAPANESE, stage.played.papers().papers().files());
        plan(JAPANESE);
        send(JAPANESE);
        var letter = fresh(before);
        click(AriaRole.BUTTON, "ログアウト");
        logIn(doctorB, "ログイン");
        headed("届いた紹介状");
        page().locator("a[href='#/opened/" + letter.hex() + "']").click();
        click(AriaRole.BUTTON, "診療のために開く");
        assertThat(page().locator("article")).containsText("坂道で胸が締め付けられる");
        assertThat(page().locator("article")).containsText(PortalStage.SCRIPT);
        clickOne(AriaRole.BUTTON, "保存する");
        assertThat(page().getByText("保存しました:")).isVisible();
    }

    @Test
    void aServerThatIsAwayInTheMiddleLosesNothingAndTwoTabsSendOnce() throws Exception {
        open("ja-JP", ColorScheme.LIGHT, doctorB.page());
        var before = sent();
        logIn(doctorA, "ログイン");
        fill(JAPANESE, stage.played.papers().papers().files());
        plan(JAPANESE);
        page().context().route("**/v1/grants", Route::abort);
        click(AriaRole.BUTTON, "署名して封をして送る");
        headed("まだ送り終えていません");
        assertThat(page().getByRole(AriaRole.ALERT)).containsText("何も失われていません");
        look("ja-24-half-sent");
        click(AriaRole.BUTTON, "続きを送る");
        headed("まだ送り終えていません");
        // the page is gone, and with it every key; two tabs find the letter again
        page().reload();
        headed("ログイン");
        logIn(doctorA, "ログイン");
        headed("届いた紹介状");
        click(AriaRole.LINK, "送った紹介状");
        assertThat(page().getByText("この端末で送信を待っているもの")).isVisible();
        look("ja-25-waiting");
        var tab = page().context().newPage();
        tab.navigate(doctorA.page());
        tab.locator("#id").fill(doctorA.person().value());
        tab.locator("#password").fill(doctorA.password());
        tab.locator("#password").press("Enter");
        tab.getByText("送った紹介状").first().click();
        assertThat(tab.getByText("この端末で送信を待っているもの")).isVisible();
        page().context().unroute("**/v1/grants");
        click(AriaRole.BUTTON, "続きを送る");
        tab.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("続きを送る"))
                .click();
        assertThat(page().locator("p.holds")).containsText("送りました");
        assertThat(tab.locator("p.holds")).containsText("送りました");
        var letter = fresh(before);
        assertEquals(
                1,
                stage.played.cast.doctorB().pocket().grants().list().stream()
                        .filter(g -> g.statement().letter().equals(letter))
                        .count());
        assertThat(page().getByText("この端末で送信を待っているもの")).hasCount(0);
    }

    @Test
    void aPatientWithoutARelationAndAFileThatIsNeitherPdfNorImageAreRefusedInWords() {
        open("ja-JP", ColorScheme.LIGHT, doctorB.page());
        logIn(doctorA, "ログイン");
        fill(JAPANESE, List.of());
        page().locator("#files")
                .setInputFiles(new FilePayload(
                        "<b>x.pdf", "application/pdf", "no pdf at all".getBytes(StandardCharsets.UTF_8)));
        assertThat(page().locator("ul.files")).containsText("<b>x.pdf");
        click(AriaRole.BUTTON, "送る前に、何が起きるかを見る");
        assertThat(page().getByRole(AriaRole.ALERT)).containsText("PDFでもDICOM画像でもない");
        clickOne(AriaRole.BUTTON, "外す");
        page().locator("#f-patient").fill(stage.played.cast.otherPatient().id().value());
        click(AriaRole.BUTTON, "送る前に、何が起きるかを見る");
        assertThat(page().getByRole(AriaRole.ALERT)).containsText("診療関係が成立していません");
        look("ja-26-refused");
    }

    @Test
    void aRelationIsProposedAndEndedByClicking() {
        open("ja-JP", ColorScheme.LIGHT, doctorB.page());
        var patient = stage.played.cast.otherPatient();
        logIn(doctorB, "ログイン");
        headed("届いた紹介状");
        click(AriaRole.LINK, "診療関係");
        headed("診療関係");
        page().locator("#f-patient").fill(patient.id().value());
        click(AriaRole.BUTTON, "診療関係を申し出る");
        assertThat(page().getByText("患者の承認を待っています")).isVisible();
        look("ja-27-proposed");
        patient.pocket().relations().accept(doctorB.person());
        page().reload();
        logIn(doctorB, "ログイン");
        headed("届いた紹介状");
        click(AriaRole.LINK, "診療関係");
        assertThat(page().getByText("成立しています")).isVisible();
        clickOne(AriaRole.BUTTON, "終了する");
        look("ja-28-end");
        click(AriaRole.BUTTON, "本当に終了する");
        assertThat(page().getByText("終了しました。")).isVisible();
        assertTrue(patient.pocket().relations().list().stream()
                .allMatch(r -> r.state() == org.mizuhiki.pocket.Relations.State.ENDED));
    }
}
