package org.mizuhiki.apps.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The person's pages by clicking, in Chromium, at real server processes.
@Tag("V4")
@Tag("B4")
class PortalJourneyTest extends PortalClicking {
    private final PortalDoor door;

    PortalJourneyTest(PortalStage stage) {
        super(stage);
        door = stage.door(stage.played.cast.patient());
    }

    private void open(String locale, ColorScheme scheme) {
        open(locale, scheme, door.page());
    }

    private void logIn(String button) {
        logIn(door, button);
    }

    /// Log in, pocket, letter, trail, proof, log out.
    private void journey(String language, Words words) {
        headed(words.logIn());
        look(language + "-1-login");
        logIn(words.logIn());
        headed(words.pocket());
        assertThat(page().locator("ul.letters > li").first()).containsText("みずひき内科クリニック");
        look(language + "-2-pocket");
        clickOne(AriaRole.LINK, words.open());
        assertThat(page().locator(".holds")).isVisible();
        headed(PortalStage.SCRIPT);
        assertThat(page().locator("article")).containsText("紹介");
        look(language + "-3-letter");
        clickOne(AriaRole.BUTTON, words.save());
        assertThat(page().getByText(words.saved() + ":")).isVisible();
        page().locator("p.actions").getByText(words.trail()).click();
        headed(words.trail());
        assertThat(page().locator("ol.openings > li")).not().hasCount(0);
        assertThat(page().locator("ol.openings")).containsText("結び市立あわじ病院");
        page().locator("ol.openings > li").last().getByRole(AriaRole.BUTTON).click();
        assertThat(page().locator(".holds")).containsText(words.holds());
        look(language + "-4-trail");
        click(AriaRole.BUTTON, words.logOut());
        headed(words.logIn());
        look(language + "-5-logged-out");
    }

    private record Words(
            String logIn,
            String logOut,
            String pocket,
            String open,
            String save,
            String saved,
            String trail,
            String holds) {}

    @Test
    void aPersonFindsTheLetterAndWhoReadItInJapanese() {
        open("ja-JP", ColorScheme.LIGHT);
        journey("ja", new Words("ログイン", "ログアウト", "あなたの文書", "開く", "保存する", "保存しました", "誰がいつ開いたか", "確かめられました"));
    }

    @Test
    void aPersonFindsTheLetterAndWhoReadItInEnglishAndInTheDark() {
        open("en-GB", ColorScheme.DARK);
        journey(
                "en",
                new Words(
                        "Log in",
                        "Log out",
                        "Your letters",
                        "Open",
                        "Save",
                        "Saved",
                        "Who opened it, when",
                        "The proof holds"));
    }

    @Test
    void scriptInALetterStaysText() {
        open("ja-JP", ColorScheme.LIGHT);
        logIn("ログイン");
        clickOne(AriaRole.LINK, "開く");
        headed(PortalStage.SCRIPT);
        assertThat(page().locator("ul.files")).containsText("<b>");
        assertEquals(0, page().locator("main img, main script, main b").count());
        assertFalse(page().title().contains("ran"), page().title());
    }

    @Test
    void afterLogOutTheBackButtonShowsNothing() {
        open("ja-JP", ColorScheme.LIGHT);
        logIn("ログイン");
        clickOne(AriaRole.LINK, "開く");
        headed(PortalStage.SCRIPT);
        click(AriaRole.BUTTON, "ログアウト");
        headed("ログイン");
        for (int i = 0; i < 2; i++) {
            page().goBack();
            headed("ログイン");
            assertFalse(page().content().contains("みずひき内科クリニック"));
        }
        page().navigate(door.page() + "#/letter/" + stage.letter.hex());
        headed("ログイン");
    }

    @Test
    void aWrongPasswordIsRefusedInWordsAndNothingIsShown() {
        open("ja-JP", ColorScheme.LIGHT);
        page().locator("#id").fill(door.person().value());
        page().locator("#password").fill("not this one at all");
        click(AriaRole.BUTTON, "ログイン");
        assertThat(page().getByRole(AriaRole.ALERT)).containsText("IDまたはパスワードが違います");
        assertThat(page().locator("#password")).hasValue("");
        look("ja-6-refused");
    }

    @Test
    void everythingIsReachedByTheKeyboardAloneInLargeType() {
        open("ja-JP", ColorScheme.LIGHT);
        page().getByText("文字を大きくする").focus();
        page().keyboard().press("Enter");
        assertTrue((boolean) page().evaluate("document.documentElement.classList.contains('large')"));
        page().locator("#id").focus();
        page().keyboard().type(door.person().value());
        page().keyboard().press("Tab");
        page().keyboard().type(door.password());
        page().keyboard().press("Enter");
        headed("あなたの文書");
        for (int i = 0; i < 20 && !focused().startsWith("開く"); i++) {
            page().keyboard().press("Tab");
        }
        look("ja-7-large");
        page().keyboard().press("Enter");
        headed(PortalStage.SCRIPT);
    }

    private String focused() {
        return String.valueOf(page().evaluate("document.activeElement.textContent.trim()"));
    }

    @Test
    void aPrintedLetterHasTheLetterAndNoButtons() {
        open("ja-JP", ColorScheme.LIGHT);
        logIn("ログイン");
        clickOne(AriaRole.LINK, "開く");
        headed(PortalStage.SCRIPT);
        page().emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
        assertThat(page().locator("article")).isVisible();
        assertEquals(
                0, page().locator("button:visible, header:visible, nav:visible").count());
        page().screenshot(new Page.ScreenshotOptions()
                .setPath(PortalStage.PICTURES.resolve("ja-8-print.png"))
                .setFullPage(true));
    }

    @Test
    void noKeyAndNoPasswordLeavesTheWorker() {
        open("ja-JP", ColorScheme.LIGHT);
        var sent = new ArrayList<String>();
        page().onRequest(request -> {
            var body = request.postDataBuffer();
            sent.add(request.url() + (body == null ? "" : " " + new String(body, StandardCharsets.UTF_8)));
        });
        logIn("ログイン");
        headed("あなたの文書");
        assertFalse(sent.stream().anyMatch(s -> s.contains(door.password())));
        assertEquals(
                "{\"local\":0,\"session\":0,\"cookies\":\"\"}",
                page().evaluate("JSON.stringify({local: localStorage.length, session: sessionStorage.length,"
                        + " cookies: document.cookie})"));
    }
}
