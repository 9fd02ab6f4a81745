package org.mizuhiki.apps.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/// Clicking through the portal's pages as a person does: one page at a time, whose every complaint fails the
/// test. Pictures are left in `target/portal` to be looked at.
@ExtendWith(PortalStage.Given.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PortalClicking {
    final PortalStage stage;
    private @Nullable Page shown;
    private final List<String> complaints = new ArrayList<>();

    PortalClicking(PortalStage stage) {
        this.stage = stage;
    }

    @BeforeEach
    void quiet() {
        complaints.clear();
    }

    @AfterEach
    void close() {
        if (shown != null) {
            shown.context().close();
            shown = null;
        }
        assertEquals(List.of(), complaints, "the browser complained");
    }

    final Page page() {
        return Objects.requireNonNull(shown);
    }

    final void open(String locale, ColorScheme scheme, String address) {
        if (shown != null) {
            shown.context().close();
        }
        var context = stage.browser.newContext(new Browser.NewContextOptions()
                .setLocale(locale)
                .setColorScheme(scheme)
                .setIgnoreHTTPSErrors(true));
        context.setDefaultTimeout(PortalStage.PATIENCE);
        shown = context.newPage();
        page().onPageError(error -> complaints.add(error));
        page().onConsoleMessage(message -> {
            boolean refusedByServer = message.text().contains("Failed to load resource");
            if (message.type().equals("error") && !refusedByServer) {
                complaints.add(message.text());
            }
        });
        page().onDialog(dialog -> complaints.add("dialog: " + dialog.message()));
        page().navigate(address);
    }

    final void logIn(PortalDoor door, String button) {
        page().locator("#id").fill(door.person().value());
        page().locator("#password").fill(door.password());
        click(AriaRole.BUTTON, button);
    }

    final void click(AriaRole role, String name) {
        page().getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true))
                .first()
                .click();
    }

    final void clickOne(AriaRole role, String beginning) {
        page().getByRole(role, new Page.GetByRoleOptions().setName(Pattern.compile("^" + beginning + ":")))
                .first()
                .click();
    }

    final void headed(String heading) {
        assertThat(page().locator("h1")).containsText(heading);
    }

    final void look(String picture) {
        page().screenshot(new Page.ScreenshotOptions()
                .setPath(PortalStage.PICTURES.resolve(picture + ".png"))
                .setFullPage(true));
        var violations = new AxeBuilder(page()).analyze().getViolations();
        assertEquals(
                List.of(),
                violations.stream().map(v -> v.getId() + " " + v.getNodes()).toList(),
                picture);
    }
}
