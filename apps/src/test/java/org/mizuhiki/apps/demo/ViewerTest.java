package org.mizuhiki.apps.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.records.DicomPhantom;
import org.mizuhiki.records.PdfPage;
import org.mizuhiki.records.ReferralSample;
import org.mizuhiki.records.ReferralWriter;

/// `<mizuhiki-viewer>` in a page on a disk, without any server: what it shows, and that hostile files stay
/// text or are refused.
@Tag("B4")
@Tag("F9")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ViewerTest {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path VIEWER = Path.of("../portal/target/viewer/mizuhiki-viewer.js");
    private static final OffsetDateTime ISSUED = OffsetDateTime.parse("2026-11-23T09:05:00+09:00");

    /// What would run if the viewer took text for markup.
    private static final String SCRIPT = PortalStage.SCRIPT;

    private Playwright playwright;
    private Browser browser;
    private Page page;
    private Path folder;
    private final List<String> complaints = new ArrayList<>();

    @BeforeAll
    @SuppressWarnings("NullAway") // without Chromium nothing below runs
    void begin(@TempDir Path folder) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(CHROMIUM), "Chromiumが無いため省きます / no chromium");
        this.folder = folder;
        Files.copy(VIEWER, folder.resolve("mizuhiki-viewer.js"));
        // the strictest policy that a host may have
        Files.writeString(folder.resolve("index.html"), """
                        <!doctype html><html lang="ja"><head><meta charset="utf-8"><title>viewer</title>
                        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src file:; require-trusted-types-for 'script'; trusted-types 'none'">
                        <script src="mizuhiki-viewer.js"></script></head>
                        <body><main><h1>viewer</h1><mizuhiki-viewer></mizuhiki-viewer></main></body></html>
                        """);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setHeadless(true)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--no-first-run")));
        Files.createDirectories(PortalStage.PICTURES);
    }

    @AfterAll
    void end() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @BeforeEach
    void open() {
        page = browser.newPage();
        page.setDefaultTimeout(PortalStage.PATIENCE);
        page.onPageError(error -> complaints.add(error));
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
        page.onDialog(dialog -> complaints.add("dialog: " + dialog.message()));
        page.onRequest(request -> {
            if (!request.url().startsWith("file:") && !request.url().startsWith("blob:")) {
                complaints.add("asked for " + request.url());
            }
        });
        page.navigate(folder.resolve("index.html").toUri().toString());
    }

    @AfterEach
    void close() {
        page.close();
        assertEquals(List.of(), complaints);
        complaints.clear();
    }

    private void show(String name, byte[] content) throws Exception {
        page.locator("#file").setInputFiles(Files.write(folder.resolve(name), content));
    }

    private void look(String picture) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PortalStage.PICTURES.resolve(picture + ".png"))
                .setFullPage(true));
        var violations = new AxeBuilder(page).analyze().getViolations();
        assertEquals(
                List.of(),
                violations.stream().map(v -> v.getId() + " " + v.getNodes()).toList());
    }

    /// How many different colours the canvas shows.
    private int colours() {
        return ((Number) page.locator("canvas")
                        .evaluate("c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
                                + " const s = new Set(); for (let i = 0; i < d.length; i += 4) s.add(d[i] << 16 | d[i+1] << 8 | d[i+2]);"
                                + " return s.size; }"))
                .intValue();
    }

    private void press(String button) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(button).setExact(true))
                .click();
    }

    private byte[] ct() {
        return DicomPhantom.ct(ReferralSample.patient(new SplittableRandom(1)), ISSUED, new SplittableRandom(1))
                .toArray();
    }

    @Test
    void anImageIsShownThroughAWindowAndMeasured() throws Exception {
        show("image.dcm", ct());
        assertThat(page.locator("canvas")).isVisible();
        assertTrue(colours() > 10, "an image, not a colour");
        look("viewer-1-dicom");
        var before = page.locator("canvas").getAttribute("data-width");
        var box = page.locator("canvas").boundingBox();
        page.mouse().move(box.x + 20, box.y + 20);
        page.mouse().down();
        page.mouse().move(box.x + 90, box.y + 60);
        page.mouse().up();
        assertNotEquals(before, page.locator("canvas").getAttribute("data-width"));
        press("明るさを元に戻す");
        assertEquals(before, page.locator("canvas").getAttribute("data-width"));
        press("長さを測る");
        page.locator("canvas").focus();
        page.keyboard().press("Enter");
        for (int i = 0; i < 5; i++) {
            page.keyboard().press("Shift+ArrowRight");
        }
        page.keyboard().press("Enter");
        assertThat(page.locator("p[role=status]")).containsText("長さ: ");
        look("viewer-2-measured");
    }

    @Test
    void aPdfIsShownPageByPageAndAsText() throws Exception {
        show(
                "report.pdf",
                PdfPage.report(ReferralSample.at(ISSUED, new SplittableRandom(1)))
                        .toArray());
        assertThat(page.locator("span[role=status]")).containsText("1 / 1");
        assertTrue(colours() > 2, "a page, not a colour");
        look("viewer-3-pdf");
        assertFalse(page.locator(".words").textContent().isBlank());
        press("拡大");
        assertThat(page.locator("span[role=status]")).containsText("1 / 1");
    }

    @Test
    void aDocumentIsShownAsTextWhateverStandsInIt() throws Exception {
        var document = ReferralWriter.write(ReferralSample.at(ISSUED, new SplittableRandom(1)), new SplittableRandom(1))
                .asUtf8()
                .replaceAll(
                        "\"(title|family|text)\"\\s*:\\s*\"",
                        "\"$1\":\"" + java.util.regex.Matcher.quoteReplacement(SCRIPT.replace("\"", "\\\"")));
        show("letter.json", document.getBytes(StandardCharsets.UTF_8));
        assertThat(page.locator("article")).containsText("紹介目的");
        assertThat(page.locator("article h2")).containsText(SCRIPT);
        assertEquals(0, page.locator("article img, article script").count());
        assertEquals("viewer", page.title());
        look("viewer-4-document");
    }

    @Test
    void hostileFilesAreRefusedInWords() throws Exception {
        var hostile = Map.of(
                "page.pdf", "<html><script>document.title='ran'</script></html>",
                "picture.png", "<svg xmlns='http://www.w3.org/2000/svg' onload=\"document.title='ran'\"/>",
                "cut.pdf", "%PDF-1.7\n1 0 obj << /Type /Catalog",
                "bomb.json", "{\"resourceType\":\"Patient\",\"x\":\"" + SCRIPT.replace("\"", "\\\"") + "\"}");
        for (var one : hostile.entrySet()) {
            show(one.getKey(), one.getValue().getBytes(StandardCharsets.UTF_8));
            assertThat(page.locator("[role=alert]")).containsText("表示できません");
            assertEquals("viewer", page.title());
        }
        var image = ct();
        image[140] ^= 0x55;
        show("bent.dcm", java.util.Arrays.copyOf(image, 400));
        assertThat(page.locator("[role=alert]")).containsText("表示できません");
        look("viewer-5-refused");
    }

    @Test
    void theScriptOfAPdfDoesNotRun() throws Exception {
        show("script.pdf", """
                %PDF-1.4
                1 0 obj << /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\); document.title='ran') >> >> endobj
                2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
                3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << >> >> endobj
                4 0 obj << /Length 22 >> stream
                1 0 0 rg 20 20 99 99 re f
                endstream endobj
                trailer << /Root 1 0 R >>
                %%EOF
                """.getBytes(StandardCharsets.US_ASCII));
        assertThat(page.locator("span[role=status]")).containsText("1 / 1");
        assertEquals("viewer", page.title());
    }
}
