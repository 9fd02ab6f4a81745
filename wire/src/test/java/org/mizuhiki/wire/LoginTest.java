package org.mizuhiki.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// Name and password, for the few routes that ask for them.
class LoginTest {
    private static final String RIGHT =
            "Basic " + Base64.getEncoder().encodeToString("name:pass:word".getBytes(StandardCharsets.UTF_8));

    private static void malformed(String... shown) {
        var refusal = assertThrows(Refusal.class, () -> Login.read(List.of(shown)));
        assertEquals("login-malformed", refusal.code());
        assertEquals(Optional.empty(), Optional.ofNullable(refusal.getCause()));
    }

    @Test
    void thePasswordBeginsAfterTheFirstColon() {
        var login = Login.read(List.of(RIGHT)).orElseThrow();
        assertEquals("name", login.name());
        assertEquals(Secret.taking("pass:word".getBytes(StandardCharsets.UTF_8)), login.password());
        assertEquals(Optional.of(login), Login.read(List.of(RIGHT.replace("Basic ", "bAsIc  "))));
    }

    @Test
    void aPasswordIsNotPrinted() {
        assertFalse(Login.read(List.of(RIGHT)).orElseThrow().toString().contains("pass:word"));
    }

    @Test
    void otherSchemesAreNoLogin() {
        assertEquals(Optional.empty(), Login.read(List.of()));
        assertEquals(Optional.empty(), Login.read(List.of("Bearer abc")));
        assertEquals(Optional.empty(), Login.read(List.of("Basic")));
    }

    @Test
    void whatCannotBeReadIsRefusedWithoutQuotingIt() {
        malformed("Basic !!!!");
        malformed("Basic bmFtZQ=="); // no colon
        malformed("Basic /zpw"); // not UTF-8
        malformed(RIGHT, RIGHT);
    }

    @FuzzTest
    void anyHeaderIsReadOrRefused(byte[] data) {
        try {
            Login.read(List.of("Basic " + new String(data, StandardCharsets.ISO_8859_1)));
        } catch (Refusal expected) {
            assertEquals("login-malformed", expected.code());
        }
    }

    @Test
    void whoShowsNoPasswordIsAskedForOneAndTheAnswerComesAsBase64(@TempDir Path folder) throws Exception {
        var region = new TestRegion(folder);
        var content = Bytes.of(new byte[100]);
        var route = Route.post("/in", "asks", Access.ANYONE, byte[].class, byte[].class, call -> {
            var name = call.login().map(Login::name).orElseThrow(() -> no("login-required"));
            if (!name.equals("name") || !call.mediaType().equals("a/b")) {
                throw no("login-wrong");
            }
            return new Reply.Base64("application/pkcs7-mime", content);
        });
        try (var server = region.start(ServerConfig.of("keys", "127.0.0.1", 0), List.of(route))) {
            var asked = ask(server, region, "");
            assertTrue(asked.startsWith("HTTP/1.1 401 "), asked);
            assertTrue(asked.contains("WWW-Authenticate: Basic realm=\"mizuhiki\", charset=\"UTF-8\"\r\n"), asked);
            assertTrue(ask(server, region, "Authorization: Basic eDp5\r\n").startsWith("HTTP/1.1 401 "));
            assertTrue(ask(server, region, "Authorization: Basic eDp5\r\nAuthorization: Basic eDp5\r\n")
                    .startsWith("HTTP/1.1 400 "));
            var given = ask(server, region, "Authorization: " + RIGHT + "\r\n");
            assertTrue(given.startsWith("HTTP/1.1 200 "), given);
            assertTrue(given.contains("Content-Transfer-Encoding: base64\r\n"), given);
            var body = given.substring(given.indexOf("\r\n\r\n") + 4);
            assertTrue(body.lines().allMatch(l -> l.length() <= 76), body);
            assertEquals(content, Bytes.of(Base64.getMimeDecoder().decode(body)));
        }
    }

    private static String ask(HttpServer server, TestRegion region, String headers) throws Exception {
        return RawClient.ask(
                server,
                region.patient(),
                "POST /in HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: A/B; x=y\r\n" + headers
                        + "Content-Length: 0\r\n\r\n");
    }

    private static Refusal no(String code) {
        return Refusal.of(code, "名前とパスワードが必要です", "A name and a password are needed");
    }
}
