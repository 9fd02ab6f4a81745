package org.mizuhiki.apps.demo;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.pocket.NewLetter;
import org.mizuhiki.pocket.Written;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.records.LetterCheck;

/// Real server processes with people and a letter, and a browser before them: one for all tests of the
/// portal's pages, as the servers' start is dear.
final class PortalStage implements AutoCloseable {
    static final Path PICTURES = Path.of("target/portal");
    static final double PATIENCE = 60_000;

    /// What would run if any page took text for markup.
    static final String SCRIPT = "<img src=x onerror=\"document.title='ran'\"><script>document.title='ran'</script>";

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    final Played played;
    final Browser browser;
    final Digest letter;
    private final Path folder;
    private final Processes processes;
    private final Playwright playwright;
    private final Map<PersonId, PortalDoor> doors = new HashMap<>();

    PortalStage() throws Exception {
        folder = Files.createTempDirectory("mizuhiki-portal");
        processes = new Processes();
        played = started();
        letter = sent();
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

    /// What does not come up leaves no server behind.
    private Played started() throws Exception {
        try {
            return Played.asProcesses(Files.createDirectory(folder.resolve("region")), processes);
        } catch (Exception e) {
            processes.close();
            throw e;
        }
    }

    /// Whose account it is; made when somebody is first asked for.
    PortalDoor door(Cast.Player player) {
        return doors.computeIfAbsent(player.id(), _ -> {
            try {
                return PortalDoor.open(played.machine, player, Played.CLOCK, Played.DIE);
            } catch (Exception e) {
                throw new IllegalStateException("no account could be made", e);
            }
        });
    }

    /// A letter in whose title and headings somebody put markup, granted to doctor B, who opened it.
    private Digest sent() throws Exception {
        var cast = played.cast;
        cast.doctorA().pocket().relations().propose(cast.patient().id(), Duration.ofDays(30));
        cast.patient().pocket().relations().accept(cast.doctorA().id());
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
        var sent = post.send(draft.id()).letter();
        cast.doctorA().pocket().grants().give(sent, cast.doctorB().id(), Duration.ofDays(30), "referral");
        cast.doctorB().pocket().reading().open(sent, "treatment");
        return sent;
    }

    /// Markup in every text of the document: escaped, as a title, a name and a heading carry it, and plain in
    /// narratives, beside the words.
    private static Bytes hostile(Bytes document) {
        var text = SCRIPT.replace("\"", "\\\"");
        return Bytes.utf8(document.asUtf8()
                .replaceAll("\"(title|text|family)\"\\s*:\\s*\"", "\"$1\":\"" + Matcher.quoteReplacement(text))
                .replaceAll("(\"div\"\\s*:\\s*\"<div[^>]*>)", "$1" + Matcher.quoteReplacement(text)));
    }

    @Override
    public void close() throws IOException {
        playwright.close();
        played.close();
        processes.close();
        try (var all = Files.walk(folder)) {
            for (var one : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(one);
            }
        }
    }

    /// Hands the one stage to every test class that wants it; it ends with the last test of all.
    static final class Given implements ParameterResolver, ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return Files.isExecutable(CHROMIUM)
                    ? ConditionEvaluationResult.enabled("there is a browser")
                    : ConditionEvaluationResult.disabled(
                            "Chromiumが無いため画面の検査を省きます / no chromium: the pages are not tested");
        }

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == PortalStage.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(PortalStage.class, _ -> {
                        try {
                            return new PortalStage();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        } catch (Exception e) {
                            throw new IllegalStateException("the stage could not be set", e);
                        }
                    });
        }
    }
}
