package org.mizuhiki.apps.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.pocket.NewLetter;
import org.mizuhiki.pocket.Written;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.records.LetterCheck;

/// The person's pages by clicking, in Chromium, at real server processes. Pictures are left in
/// `target/portal` to be looked at.
@Tag("V4")
@Tag("B4")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PortalJourneyTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path PICTURES = Path.of("target/portal");
    private static final double PATIENCE = 60_000;

    /// What would run if any page took text for markup.
    private static final String SCRIPT =
            "<img src=x onerror=\"document.title='ran'\"><script>document.title='ran'</script>";

    private Processes processes;
    private Played played;
    private Playwright playwright;
    private Browser browser;
    private PortalDoor door;
    private Digest letter;
    private @Nullable Page shown;
    private final List<String> complaints = new ArrayList<>();

    @BeforeAll
    void region(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(CHROMIUM), "Chromiumが無いため画面の検査を省きます / no chromium: the pages are not tested");
        processes = new Processes();
        played = Played.asProcesses(Files.createDirectory(folder.resolve("region")), processes);
        letter = sent();
        door = PortalDoor.open(played.machine, played.cast.patient(), Played.CLOCK, Played.DIE);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setHeadless(true)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--ignore-certificate-errors")));
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
        Files.createDirectories(PICTURES);
    }

    /// A letter in whose title and headings somebody put markup, granted to doctor B, who opened it.
    private Digest sent() throws Exception {
        var cast = played.cast;
        for (var doctor : List.of(cast.doctorA())) {
            doctor.pocket().relations().propose(cast.patient().id(), Duration.ofDays(30));
            cast.patient().pocket().relations().accept(doctor.id());
        }
        var papers = played.papers().papers();
        var document = hostile(papers.document());
        var files = new ArrayList<Path>();
        for (var file : papers.files()) {
            var name = "<b>" + file.getFileName();
            files.add(Files.copy(file, file.resolveSibling(name)));
        }
        var post = cast.doctorA().pocket().post();
        // an author's program of his own checks nothing
        var summary = ((LetterCheck.Accepted) new DocumentRules().check(papers.document())).summary();
        var written = post.write(new NewLetter(
                cast.patient().id(),
                document,
                files,
                _ -> new LetterCheck.Accepted(summary, List.of()),
                AttachmentReading::check));
        if (!(written instanceof Written.Drafted(var draft, var _))) {
            throw new AssertionError("the sample is a letter: " + written);
        }
        var letter = post.send(draft.id()).letter();
        cast.doctorA().pocket().grants().give(letter, cast.doctorB().id(), Duration.ofDays(30), "referral");
        cast.doctorB().pocket().reading().open(letter, "treatment");
        return letter;
    }

    /// Markup in every text of the document: escaped, as a title, a name and a heading carry it, and plain in
    /// narratives, beside the words.
    private static Bytes hostile(Bytes document) {
        var text = SCRIPT.replace("\"", "\\\"");
        return Bytes.utf8(document.asUtf8()
                .replaceAll("\"(title|text|family)\"\\s*:\\s*\"", "\"$1\":\"" + Matcher.quoteReplacement(text))
                .replaceAll("(\"div\"\\s*:\\s*\"<div[^>]*>)", "$1" + Matcher.quoteReplacement(text)));
    }

    @AfterAll
    void end() {
        if (playwright != null) {
            playwright.close();
        }
        if (played != null) {
            played.close();
        }
        if (processes != null) {
            processes.close();
        }
    }

    private Page page() {
        return Objects.requireNonNull(shown);
    }

    @AfterEach
    void close() {
        page().context().close();
        assertEquals(List.of(), complaints, "the browser complained");
        complaints.clear();
    }

    @BeforeEach
    void quiet() {
        complaints.clear();
    }

    private void open(String locale, ColorScheme scheme) {
        var context = browser.newContext(new Browser.NewContextOptions()
                .setLocale(locale)
                .setColorScheme(scheme)
                .setIgnoreHTTPSErrors(true));
        context.setDefaultTimeout(PATIENCE);
        shown = context.newPage();
        page().onPageError(error -> complaints.add(error));
        page().onConsoleMessage(message -> {
            boolean refusedByServer = message.text().contains("Failed to load resource");
            if (message.type().equals("error") && !refusedByServer) {
                complaints.add(message.text());
            }
        });
        page().onDialog(dialog -> complaints.add("dialog: " + dialog.message()));
        page().navigate(door.page());
    }

    private void logIn(String button) {
        page().locator("#id").fill(door.person().value());
        page().locator("#password").fill(door.password());
        click(AriaRole.BUTTON, button);
    }

    private void click(AriaRole role, String name) {
        page().getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true))
                .first()
                .click();
    }

    private void clickOne(AriaRole role, String beginning) {
        page().getByRole(role, new Page.GetByRoleOptions().setName(Pattern.compile("^" + beginning + ":")))
                .first()
                .click();
    }

    private void headed(String heading) {
        assertThat(page().locator("h1")).containsText(heading);
    }

    private void look(String picture) {
        page().screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve(picture + ".png"))
                .setFullPage(true));
        var violations = new AxeBuilder(page()).analyze().getViolations();
        assertEquals(
                List.of(),
                violations.stream().map(v -> v.getId() + " " + v.getNodes()).toList(),
                picture);
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
        headed(SCRIPT);
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
        headed(SCRIPT);
        assertThat(page().locator("ul.files")).containsText("<b>");
        assertEquals(0, page().locator("main img, main script, main b").count());
        assertFalse(page().title().contains("ran"), page().title());
    }

    @Test
    void afterLogOutTheBackButtonShowsNothing() {
        open("ja-JP", ColorScheme.LIGHT);
        logIn("ログイン");
        clickOne(AriaRole.LINK, "開く");
        headed(SCRIPT);
        click(AriaRole.BUTTON, "ログアウト");
        headed("ログイン");
        for (int i = 0; i < 2; i++) {
            page().goBack();
            headed("ログイン");
            assertFalse(page().content().contains("みずひき内科クリニック"));
        }
        page().navigate(door.page() + "#/letter/" + letter.hex());
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
        headed(SCRIPT);
    }

    private String focused() {
        return String.valueOf(page().evaluate("document.activeElement.textContent.trim()"));
    }

    @Test
    void aPrintedLetterHasTheLetterAndNoButtons() {
        open("ja-JP", ColorScheme.LIGHT);
        logIn("ログイン");
        clickOne(AriaRole.LINK, "開く");
        headed(SCRIPT);
        page().emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
        assertThat(page().locator("article")).isVisible();
        assertEquals(
                0, page().locator("button:visible, header:visible, nav:visible").count());
        page().screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve("ja-8-print.png"))
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
