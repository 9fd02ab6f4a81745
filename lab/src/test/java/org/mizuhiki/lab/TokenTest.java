package org.mizuhiki.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ike.OwnKey;
import org.mizuhiki.ike.State;

/// The router's key lies in a token; a router that was copied without it is worth nothing.
class TokenTest {
    @Test
    @Tag("D16")
    @Tag("N1")
    void theKeyOfATunnelStaysInItsToken() throws Exception {
        assumeTrue(SoftTokens.possible(), SoftTokens.MISSING);
        try (var country = Country.of("b", "a")) {
            var folder = Files.createDirectory(country.lab.folder().resolve("token"));
            var papers = country.router("a").papers();
            var tokens = SoftTokens.make(folder, 1, Country.DIE);
            imported(tokens, papers.key());
            var environment = Map.of(SoftTokens.VARIABLE, tokens.configuration().toString());
            long slot = tokens.slots().getFirst();
            country.router("a").close();
            try (var router = LabRouter.start(
                    country.lab, country.lab.site("a"), papers, Map.of("soft", tokens.library()), environment)) {
                router.engine().loadPpk("a-b", Secret.taking(new byte[32]));
                router.engine().load(country.tunnel("a", "b", "a"));
                country.router("b").engine().loadPpk("a-b", Secret.taking(new byte[32]));
                country.router("b").engine().load(country.tunnel("a", "b", "b"));
                // 1. the configuration without the chip opens nothing
                assertEquals("tunnel-not-up", code(router));
                // 2. nor does the chip without its PIN
                assertEquals(
                        "engine-refused",
                        assertThrows(Refusal.class, () -> router.engine().loadKey(key(slot, "0000")))
                                .code());
                // 3. with both there is a tunnel
                router.engine().loadKey(key(slot, tokens.pin(0)));
                assertEquals(
                        State.Phase.UP,
                        router.engine().initiate("a-b", Country.SOON).phase());
            }
        }
    }

    private static String code(LabRouter router) {
        return assertThrows(Refusal.class, () -> router.engine().initiate("a-b", Country.SOON.dividedBy(10)))
                .code();
    }

    private static OwnKey key(long slot, String pin) {
        return new OwnKey.InToken(
                "soft", slot, Bytes.of((byte) 0x42), Secret.taking(pin.getBytes(StandardCharsets.US_ASCII)));
    }

    private static void imported(SoftTokens tokens, Path key) throws Exception {
        var pem = tokens.configuration().resolveSibling("key.pem").toString();
        tokens.run(
                "",
                Map.of(),
                "openssl",
                "pkcs8",
                "-topk8",
                "-nocrypt",
                "-inform",
                "DER",
                "-in",
                key.toString(),
                "-out",
                pem);
        var said = tokens.run(
                "",
                Map.of(),
                "softhsm2-util",
                "--import",
                pem,
                "--token",
                "token-0",
                "--label",
                "key",
                "--id",
                "42",
                "--pin",
                tokens.pin(0));
        assertTrue(said.contains("has been imported"), said);
    }
}
