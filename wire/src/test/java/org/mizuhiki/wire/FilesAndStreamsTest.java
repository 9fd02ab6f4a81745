package org.mizuhiki.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;

/// Files in parts, pages, and answers that break off.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FilesAndStreamsTest {
    private TestRegion region;
    private HttpServer server;
    private Path file;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        region = new TestRegion(folder);
        file = folder.resolve("ten");
        Files.writeString(file, "0123456789");
        server = region.start(
                ServerConfig.of("keys", "127.0.0.1", 0).withStopTimeout(Duration.ofSeconds(1)),
                List.of(
                        Route.get(
                                "/ten", "ten bytes", Access.ANYONE, byte[].class, c -> new Reply.File("text/x", file)),
                        Route.get(
                                "/gone",
                                "no file",
                                Access.ANYONE,
                                byte[].class,
                                c -> new Reply.File("text/x", folder.resolve("none"))),
                        Route.get(
                                "/",
                                "page",
                                Access.ANYONE,
                                byte[].class,
                                c -> new Reply.Raw("text/html; charset=utf-8", Bytes.utf8("<p>up"))),
                        Route.get(
                                "/static/{rest*}",
                                "rest",
                                Access.ANYONE,
                                byte[].class,
                                c -> new Reply.Raw("text/plain", Bytes.utf8(c.path("rest")))),
                        Route.get(
                                "/broken",
                                "breaks",
                                Access.ANYONE,
                                byte[].class,
                                c -> new Reply.Stream("text/plain", out -> {
                                    out.write(new byte[200_000]);
                                    throw new IOException("disk");
                                })),
                        Route.get(
                                "/failed",
                                "fails",
                                Access.ANYONE,
                                byte[].class,
                                c -> new Reply.Stream("text/plain", out -> {
                                    throw new IOException("disk");
                                }))));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String ask(String method, String path, String headers) throws IOException {
        return RawClient.ask(
                server,
                region.nobody(),
                method + " " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + headers + "\r\n");
    }

    private void part(String range, String contentRange, String content) throws IOException {
        var answer = ask("GET", "/ten", "Range: " + range + "\r\n");
        assertTrue(answer.startsWith("HTTP/1.1 206"), answer);
        assertTrue(answer.contains("Content-Range: bytes " + contentRange), answer);
        assertTrue(answer.endsWith("\r\n\r\n" + content), answer);
    }

    @Test
    void aPartOfAFileIsGiven() throws IOException {
        part("bytes=0-3", "0-3/10", "0123");
        part("bytes=4-", "4-9/10", "456789");
        part("bytes=-3", "7-9/10", "789");
        part("bytes=8-99", "8-9/10", "89");
        part("bytes=-99", "0-9/10", "0123456789");
    }

    @Test
    void aPartOutsideTheFileIsRefused() throws IOException {
        for (var range : List.of("bytes=10-", "bytes=99-100", "bytes=-0")) {
            var answer = ask("GET", "/ten", "Range: " + range + "\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 416") && answer.contains("range-unsatisfiable"), answer);
        }
    }

    @Test
    void rangesThatAreNoneGiveTheWholeFile() throws IOException {
        for (var range : List.of("bytes=5-2", "bytes=-", "lines=1-2", "bytes=0-1,4-5", "bytes=a-b")) {
            var answer = ask("GET", "/ten", "Range: " + range + "\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 200") && answer.endsWith("0123456789"), answer);
        }
    }

    @Test
    void aPartIsOnlyGivenOfTheFileThatItBelongsTo() throws IOException {
        var tag = Pattern.compile("ETag: (\\S+)").matcher(ask("GET", "/ten", ""));
        assertTrue(tag.find());
        var same = ask("GET", "/ten", "Range: bytes=0-1\r\nIf-Range: " + tag.group(1) + "\r\n");
        assertTrue(same.startsWith("HTTP/1.1 206"), same);
        var other = ask("GET", "/ten", "Range: bytes=0-1\r\nIf-Range: \"other\"\r\n");
        assertTrue(other.startsWith("HTTP/1.1 200"), other);
        var known = ask("GET", "/ten", "If-None-Match: " + tag.group(1) + "\r\n");
        assertTrue(known.startsWith("HTTP/1.1 304"), known);
    }

    @Test
    void headGivesHeadersOnly() throws IOException {
        var answer = ask("HEAD", "/ten", "");
        assertTrue(answer.startsWith("HTTP/1.1 200") && answer.contains("Content-Length: 10"), answer);
        assertTrue(answer.endsWith("\r\n\r\n"), answer);
        var page = ask("HEAD", "/", "");
        assertTrue(page.contains("Content-Length: 5") && page.endsWith("\r\n\r\n"), page);
    }

    @Test
    void aFileThatIsNotThereIsUnknown() throws IOException {
        var answer = ask("GET", "/gone", "");
        assertTrue(answer.startsWith("HTTP/1.1 404") && answer.contains("file-unknown"), answer);
        assertFalse(answer.contains("none\""), answer);
    }

    @Test
    void pagesMayUseTheirOwnScriptsOnly() throws IOException {
        var answer = ask("GET", "/", "");
        assertTrue(answer.contains("Content-Security-Policy: default-src 'self'"), answer);
        assertTrue(answer.endsWith("<p>up"), answer);
    }

    @Test
    void aRestParameterTakesSeveralSteps() throws IOException {
        assertTrue(ask("GET", "/static/a/b.css", "").endsWith("a/b.css"));
        assertTrue(ask("GET", "/static/a/../b", "").startsWith("HTTP/1.1 40"));
    }

    @Test
    void anAnswerThatBreaksOffIsSeenToBeCut() throws IOException {
        var answer = ask("GET", "/broken", "");
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer.substring(0, 100));
        assertFalse(answer.endsWith("0\r\n\r\n"), "the last chunk would say that all is there");
        var failed = ask("GET", "/failed", "");
        assertTrue(failed.startsWith("HTTP/1.1 500") && failed.contains("internal-error"), failed);
        assertEquals(1, failed.split("\"code\":\"internal-error\"", -1).length - 1);
    }
}
