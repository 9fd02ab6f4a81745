package org.mizuhiki.portal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// What the web role hands out.
@Tag("V4")
class PortalTest {
    private static final String ASSETS = "/portal/assets/";
    private static final String STORE = "https://store.example";
    private final List<Route> routes = new Portal(Bytes.utf8("{}"), List.of(STORE)).routes();

    private Reply.Full get(String path) throws Exception {
        var template = path.startsWith(ASSETS) ? ASSETS + "{file}" : path;
        var route = routes.stream()
                .filter(r -> r.path().equals(template))
                .findFirst()
                .orElseThrow();
        // nothing that is handed out depends on who asks
        assertEquals(Set.of(Access.ANYONE), route.access());
        return (Reply.Full) route.handler().handle(new Visit(path.replace(ASSETS, "")));
    }

    /// Those that the page names.
    private List<String> assets() throws Exception {
        return Pattern.compile("\"(/portal/assets/[^\"]+)\"")
                .matcher(get("/portal").content().asUtf8())
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
    }

    private static String policy(Reply.Full reply) {
        return String.valueOf(reply.headers().get("Content-Security-Policy"));
    }

    @Test
    void aPageConnectsNowhereAndItsWorkerOnlyToTheServersThatAreNamed() throws Exception {
        var page = policy(get("/portal"));
        assertTrue(page.startsWith("default-src 'none'; script-src 'self' 'sha256-"), page);
        assertFalse(page.contains("unsafe") || page.contains("connect-src"), page);
        assertTrue(page.contains("require-trusted-types-for 'script'"), page);
        var worker = policy(get(asset("/worker-")));
        assertTrue(worker.contains("connect-src 'self' " + STORE + ";"), worker);
        assertFalse(worker.contains("'unsafe-"), worker);
        var pdf = policy(get(asset("/pdf.worker")));
        assertTrue(pdf.startsWith("default-src 'none'; require-trusted-types-for"), pdf);
    }

    private String asset(String named) throws Exception {
        return assets().stream().filter(p -> p.contains(named)).findFirst().orElseThrow();
    }

    @Test
    void everyScriptAndStyleOfThePageHasItsDigest() throws Exception {
        var page = get("/portal").content().asUtf8();
        var sources = Pattern.compile("(?:src|href)=\"(/portal/[^\"]+)\" integrity=\"(sha384-[^\"]+)\"")
                .matcher(page)
                .results()
                .toList();
        assertEquals(2, sources.size());
        var scripts = Pattern.compile("\"(/portal/assets/[^\"]+\\.js)\":\"(sha384-[^\"]+)\"")
                .matcher(page)
                .results()
                .toList();
        assertTrue(scripts.size() >= 6, page);
        for (var one : Stream.concat(sources.stream(), scripts.stream()).toList()) {
            var hash = MessageDigest.getInstance("SHA-384")
                    .digest(get(one.group(1)).content().toArray());
            assertEquals("sha384-" + Base64.getEncoder().encodeToString(hash), one.group(2));
        }
    }

    @Test
    void whatCarriesADigestInItsNameIsKeptAndThePageIsNot() throws Exception {
        assertEquals("no-store", get("/portal").headers().get("Cache-Control"));
        for (var path : assets()) {
            assertTrue(String.valueOf(get(path).headers().get("Cache-Control")).contains("immutable"), path);
        }
    }

    @Test
    void whoReadsADesksCodeGetsTheSamePageUnderTheSamePolicy() throws Exception {
        assertEquals(get("/portal"), get("/enrol"));
        var page = get("/enrol").content().asUtf8();
        assertFalse(page.contains("href=\"assets") || page.contains("src=\"assets"), page);
    }

    @Test
    void noMarkupOfALetterIsEverPutIntoAPage() throws Exception {
        try (var files = Files.walk(Path.of("src/main/web"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var text = Files.readString(file);
                for (var forbidden : List.of("{@html", "innerHTML", "insertAdjacentHTML", "document.write", "eval(")) {
                    assertFalse(text.contains(forbidden), file + " uses " + forbidden);
                }
            }
        }
    }
}
