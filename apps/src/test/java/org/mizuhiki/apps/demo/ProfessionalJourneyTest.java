package org.mizuhiki.apps.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The professional's pages by clicking, in Chromium, at real server processes.
@Tag("V7")
@Tag("B4")
class ProfessionalJourneyTest extends PortalClicking {
    private final PortalDoor doctorB;

    ProfessionalJourneyTest(PortalStage stage) {
        super(stage);
        doctorB = stage.door(stage.played.cast.doctorB());
    }

    private record Words(
            String logIn,
            String inbox,
            String open,
            String forTreatment,
            String checked,
            String save,
            String saved,
            String view) {}

    private static final Words JAPANESE =
            new Words("ログイン", "届いた紹介状", "開く", "診療のために開く", "確かめたこと", "保存する", "保存しました", "表示する");
    private static final Words ENGLISH = new Words(
            "Log in", "Referrals to you", "Open", "Open for treatment", "What was checked", "Save", "Saved", "View");

    /// Log in, inbox, open, an attachment.
    private void reads(String language, Words words) {
        logIn(doctorB, words.logIn());
        headed(words.inbox());
        assertThat(page().locator("ul.letters > li").first()).containsText("みずひき内科クリニック");
        look(language + "-10-inbox");
        clickOne(AriaRole.LINK, words.open());
        headed(words.open());
        look(language + "-11-before-opening");
        click(AriaRole.BUTTON, words.forTreatment());
        headed(PortalStage.SCRIPT);
        assertThat(page().locator(".holds")).containsText(words.checked());
        assertThat(page().locator(".holds")).containsText("みずひき内科クリニック");
        assertThat(page().locator("article")).containsText("紹介");
        look(language + "-12-opened");
        clickOne(AriaRole.BUTTON, words.save());
        assertThat(page().getByText(words.saved() + ":")).isVisible();
        looksAt(language, words, "report.pdf");
        assertThat(page().locator("mizuhiki-viewer .words")).not().isEmpty();
        looksAt(language, words, "image.dcm");
        assertThat(page().locator("mizuhiki-viewer input[type=range]").first()).isVisible();
        assertEquals(0, page().locator("main img, main script, main b").count());
        assertFalse(page().title().contains("ran"), page().title());
    }

    /// In the viewer, under the page's own policy.
    private void looksAt(String language, Words words, String file) {
        page().getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions()
                                .setName(words.view() + ": <b>" + file)
                                .setExact(true))
                .click();
        assertThat(page().locator("mizuhiki-viewer canvas")).isVisible();
        look(language + "-13-viewed-" + file);
    }

    @Test
    void aDoctorFindsWhatWasOpenedToHerAndReadsItInJapanese() {
        open("ja-JP", ColorScheme.LIGHT, doctorB.page());
        reads("ja", JAPANESE);
    }

    @Test
    void aDoctorFindsWhatWasOpenedToHerAndReadsItInEnglishAndInTheDark() {
        open("en-GB", ColorScheme.DARK, doctorB.page());
        reads("en", ENGLISH);
    }

    @Test
    void thePatientSeesThatTheDoctorOpenedItInAPage() {
        open("ja-JP", ColorScheme.LIGHT, doctorB.page());
        reads("ja", JAPANESE);
        var openings = stage.played.cast.patient().pocket().trail().openings(stage.letter);
        assertFalse(openings.isEmpty());
        assertEquals("treatment", openings.getFirst().statement().purpose());
    }
}
