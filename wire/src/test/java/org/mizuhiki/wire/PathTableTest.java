package org.mizuhiki.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;

/// Paths find their route, and nothing else does.
class PathTableTest {
    private static final PathTable TABLE = new PathTable(List.of(
            get("/"),
            get("/v1/letters"),
            get("/v1/letters/{id}"),
            get("/v1/letters/{id}/slots/{reader}"),
            get("/v1/letters/new"),
            get("/v1/{kind}/count"),
            get("/tile/{rest*}"),
            get("/ocsp/{request**}"),
            Route.delete("/v1/letters/{letter}", "", Access.MEMBER, call -> new Reply.Done())));

    private static Route get(String path) {
        return Route.get(path, "", Access.MEMBER, Void.class, call -> new Reply.Done());
    }

    private static String template(String path) {
        return TABLE.find(path)
                .map(m -> java.util.Objects.requireNonNull(m.byMethod().get("GET"))
                        .path())
                .orElse("none");
    }

    @Test
    void literalsWinOverParameters() {
        assertEquals("/", template("/"));
        assertEquals("/v1/letters/new", template("/v1/letters/new"));
        assertEquals("/v1/letters/{id}", template("/v1/letters/newer"));
        assertEquals("/v1/{kind}/count", template("/v1/x/count"));
        assertEquals("/v1/letters/{id}", template("/v1/letters/count"));
        assertEquals("/tile/{rest*}", template("/tile/0/x001/067"));
        assertEquals("none", template("/tile"));
        assertEquals("none", template("/v1"));
        assertEquals("none", template("/v1/letters/a/slots"));
    }

    @Test
    void partsAreDecodedAndNamedByEveryRouteOfThePath() {
        var found = TABLE.find("/v1/letters/a%20b/slots/%E5%8C%BB").orElseThrow();
        assertEquals(Map.of("id", "a b", "reader", "医"), found.parts());
        var both = TABLE.find("/v1/letters/x").orElseThrow();
        assertEquals(Map.of("id", "x", "letter", "x"), both.parts());
        assertEquals("0/x001", TABLE.find("/tile/0/x001").orElseThrow().parts().get("rest"));
    }

    @Test
    void behindADoubleStarEverythingIsOneText() {
        assertEquals("/ocsp/{request**}", template("/ocsp/MFY%2FwT+A=="));
        assertEquals(
                Map.of("request", "a/b//c+/="),
                TABLE.find("/ocsp/a%2Fb/%2Fc+/%3D").orElseThrow().parts());
        assertEquals("none", template("/ocsp/"));
        assertEquals("none", template("/ocsp"));
        assertEquals("none", template("/ocsp/%00"));
        assertEquals("none", template("/ocsp/" + "a".repeat(2049)));
        assertEquals("none", template("/x/../ocsp/a"));
    }

    @Test
    void routesThatCannotBeToldApartAreRefusedAtStart() {
        for (var twins : List.of(
                List.of(get("/a/{x}"), get("/a/{y}")),
                List.of(get("/a"), get("/a")),
                List.of(get("a")),
                List.of(get("/a//b")),
                List.of(get("/a/{x*}/b")),
                List.of(get("/a/{x**}/b")),
                List.of(get("/a/{y}/{x**}")),
                List.of(get("/a/{x**}"), get("/a/{y**}")),
                List.of(get("/a/{}")),
                List.of(get("/a b")))) {
            assertThrows(IllegalArgumentException.class, () -> new PathTable(twins));
        }
    }

    @FuzzTest
    void anyBytesFindAHarmlessRouteOrNone(byte[] bytes) {
        noPathLeavesItsRoute(new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1));
    }

    private static void noPathLeavesItsRoute(String path) {
        TABLE.find(path).ifPresent(match -> match.parts().values().forEach(PathTableTest::assertHarmless));
    }

    @Test
    void everyWickedCharacterInAPathIsHarmless() {
        var path = "/v1/letters/a%20b/slots/x";
        for (int at = 0; at < path.length(); at++) {
            for (char c : "/.;%\\\0\r\n ?#{}*2e\u0085\u00ff".toCharArray()) {
                noPathLeavesItsRoute(path.substring(0, at) + c + path.substring(at + 1));
            }
        }
    }

    private static void assertHarmless(String part) {
        assertFalse(part.isEmpty());
        assertTrue(part.chars().noneMatch(c -> c < ' ' || c == '\\' || c == ';'), part);
        assertFalse(List.of(part.split("/", -1)).contains(".."), part);
    }

    @Test
    void statusesFollowTheCodesOfRefusals() {
        assertEquals(404, Problems.status("letter-unknown"));
        assertEquals(503, Problems.status("database-away"));
        assertEquals(503, Problems.status("standing-unknown"));
        assertEquals(503, Problems.status("store-full"));
        assertEquals(503, Problems.status("device-disk"));
        assertEquals(403, Problems.status("relation-not-allowed"));
        assertEquals(409, Problems.status("slot-conflict"));
        assertEquals(413, Problems.status("letter-too-large"));
        assertEquals(400, Problems.status("digest-malformed"));
        assertEquals(422, Problems.status("anything-else"));
        assertEquals(500, Problems.status("internal-error"));
    }

    @Test
    void whatPassesByItselfIsToldFromAClearNo() {
        var temporary = List.of(
                "rate-exceeded",
                "upload-rate-exceeded",
                "server-busy",
                "server-stopping",
                "server-unavailable",
                "request-under-way",
                "standing-unknown",
                "revocation-unknown",
                "checkpoint-late",
                "database-away",
                "stamp-unavailable",
                "ledger-unavailable",
                "witness-unavailable",
                "peer-unreachable",
                "database-full",
                "ledger-full",
                "store-full");
        temporary.forEach(code -> assertTrue(Temporary.is(Refusal.of(code, "後で", "later")), code));
        var lasting = List.of(
                "letter-unknown",
                "certificate-revoked",
                "slot-conflict",
                "letter-exists",
                "statements-broken",
                "statements-too-many",
                "evidence-broken",
                "peer-answer-unusable",
                "internal-error");
        lasting.forEach(code -> assertFalse(Temporary.is(Refusal.of(code, "いいえ", "no")), code));
    }

    @Test
    void aConfigurationThatMakesNoSenseIsRefusedWithItsField() {
        var refusal = assertThrows(Refusal.class, () -> ServerConfig.of("keys", "localhost", 70_000));
        assertTrue(refusal.english().contains("'port'") && refusal.japanese().contains("port"), refusal.english());
        assertThrows(Refusal.class, () -> ServerConfig.of("Keys", "localhost", 1));
        assertThrows(Refusal.class, () -> ServerConfig.of("keys", " ", 1));
        assertThrows(Refusal.class, () -> Limits.usual().withRequestsAtOnce(0));
        assertThrows(Refusal.class, () -> Limits.usual().withRates(0, 1, 1));
    }
}
