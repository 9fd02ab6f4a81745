package org.mizuhiki.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;

/// Answers as other people's protocols want them.
class ForeignProtocolTest {
    @Test
    void statusHeadersAndBodyAreTheHandlersAndHeadMayBeAnsweredOtherwise(@TempDir Path folder) throws Exception {
        var region = new TestRegion(folder);
        var routes = List.of(
                Route.get("/nonce", "gives one", Access.ANYONE, byte[].class, _ -> full(204, "")),
                Route.head("/nonce", "gives one", Access.ANYONE, _ -> full(200, "")),
                Route.get("/no", "refuses", Access.ANYONE, byte[].class, _ -> full(418, "no")));
        try (var server = region.start(ServerConfig.of("keys", "127.0.0.1", 0), routes)) {
            var given = ask(server, region, "GET /nonce");
            assertTrue(given.startsWith("HTTP/1.1 204 ") && given.contains("Replay-Nonce: x\r\n"), given);
            var shown = ask(server, region, "HEAD /nonce");
            assertTrue(shown.startsWith("HTTP/1.1 200 ") && shown.contains("Replay-Nonce: x\r\n"), shown);
            var refused = ask(server, region, "GET /no");
            assertTrue(refused.startsWith("HTTP/1.1 418 ") && refused.endsWith("\r\n\r\nno"), refused);
            // where HEAD is not said, it is GET without its body
            assertTrue(ask(server, region, "HEAD /no").startsWith("HTTP/1.1 418 "));
        }
        assertEquals(List.of(), OpenApi.differences(OpenApi.describe("keys", routes), routes));
    }

    private static Reply full(int status, String body) {
        return new Reply.Full(status, "-", Map.of("Replay-Nonce", "x"), "text/plain", Bytes.utf8(body));
    }

    private static String ask(HttpServer server, TestRegion region, String line) throws Exception {
        return RawClient.ask(server, region.patient(), line + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    }
}
