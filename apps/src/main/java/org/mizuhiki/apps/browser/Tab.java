package org.mizuhiki.apps.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// One page, as a person uses it: everything is waited for, then read, filled in or clicked.
public final class Tab implements AutoCloseable {
    private static final int ATTEMPTS = 1200;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Chromium browser;
    private final String session;
    private final String context;

    Tab(Chromium browser, String session, String context) {
        this.browser = browser;
        this.session = session;
        this.context = context;
    }

    void go(String address) {
        ask("Page.navigate", Map.of("url", address));
    }

    private JsonNode ask(String method, Map<String, Object> parameters) {
        return browser.ask(session, method, parameters);
    }

    /// What a script answers, as text.
    private String evaluate(String script) {
        var answer = ask("Runtime.evaluate", Map.of("expression", script, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException("the page's script failed: "
                    + answer.path("exceptionDetails").path("text").asString());
        }
        return answer.path("result").path("value").asString("");
    }

    private static String quoted(String text) {
        return Chromium.JSON.writeValueAsString(text);
    }

    /// Waits until a script answers true.
    private void until(String script, String what) {
        for (int i = 0; i < ATTEMPTS; i++) {
            if (evaluate("String(Boolean(" + script + "))").equals("true")) {
                return;
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
        throw new IllegalStateException("the page does not show " + what + ", but: " + text("main"));
    }

    /// Waits until the page says so somewhere in its content.
    public void shows(String words) {
        until("document.querySelector('main')?.innerText.includes(" + quoted(words) + ")", words);
    }

    /// Waits until its heading says so.
    public void headed(String words) {
        until("document.querySelector('h1')?.innerText.includes(" + quoted(words) + ")", words);
    }

    /// What stands in the first such element; empty when there is none.
    public String text(String selector) {
        return evaluate("document.querySelector(" + quoted(selector) + ")?.innerText ?? ''");
    }

    /// Types into a field, or chooses in a list.
    public void fill(String selector, String text) {
        var field = "document.querySelector(" + quoted(selector) + ")";
        until(field, selector);
        evaluate("{ const f = " + field + "; f.value = " + quoted(text)
                + "; f.dispatchEvent(new Event('input', { bubbles: true }));"
                + " f.dispatchEvent(new Event('change', { bubbles: true })); }");
    }

    /// Puts files into a field for files.
    public void files(String selector, List<Path> files) {
        until("document.querySelector(" + quoted(selector) + ")", selector);
        var root = ask("DOM.getDocument", Map.of("depth", 0))
                .path("root")
                .path("nodeId")
                .asInt();
        int node = ask("DOM.querySelector", Map.of("nodeId", root, "selector", selector))
                .path("nodeId")
                .asInt();
        var paths = files.stream().map(f -> f.toAbsolutePath().toString()).toList();
        ask("DOM.setFileInputFiles", Map.of("nodeId", node, "files", paths));
    }

    /// Clicks the first button or link of that name, once it can be clicked.
    public void click(String name) {
        var named =
                "[...document.querySelectorAll('button, a')].find((b) => !b.disabled && ((b.getAttribute('aria-label')"
                        + " ?? b.innerText).trim() === " + quoted(name) + " || b.innerText.trim() === " + quoted(name)
                        + "))";
        until(named, name);
        evaluate(named + ".click()");
    }

    /// Clicks the first of that kind.
    public void clickOn(String selector) {
        until("document.querySelector(" + quoted(selector) + ")", selector);
        evaluate("document.querySelector(" + quoted(selector) + ").click()");
    }

    /// What the page looks like now.
    public void picture(Path file) throws IOException {
        var shot = ask("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        Files.write(file, Base64.getDecoder().decode(shot.path("data").asString()));
    }

    /// The page and everything that its context knew.
    @Override
    public void close() {
        browser.ask("", "Target.disposeBrowserContext", Map.of("browserContextId", context));
    }
}
