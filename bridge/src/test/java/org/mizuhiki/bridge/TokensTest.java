package org.mizuhiki.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// Tokens of mail programs.
@Tag("V5")
class TokensTest {
    @TempDir
    Path folder;

    private Tokens tokens() {
        return new Tokens(folder, Clock.systemUTC(), new SecureRandom());
    }

    private static String shown(Secret token) {
        try (token) {
            return token.lend(t -> new String(t, StandardCharsets.US_ASCII));
        }
    }

    private static Secret typed(String token) {
        return Secret.taking(token.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aTokenComesInUntilItIsRevokedAlsoInAnotherProcess() {
        var text = shown(tokens().add("laptop"));
        var other = tokens();
        var pass = other.enter("anybody", typed(text)).orElseThrow();
        assertTrue(other.stands(pass));
        tokens().remove("laptop");
        assertFalse(other.stands(pass));
        assertTrue(other.enter("anybody", typed(text)).isEmpty());
    }

    @Test
    void theFileHoldsNoTokenAndIsItsOwnersAlone() throws Exception {
        var text = shown(tokens().add("laptop"));
        var file = folder.resolve("mail-tokens.json");
        assertFalse(Files.readString(file).contains(text));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertTrue(text.length() >= 27, "160 bits");
    }

    @Test
    void whatIsNoTokenOpensNothingAndTakesLongerEachTime() {
        var tokens = tokens();
        var text = shown(tokens.add("laptop"));
        for (int i = 0; i < 5; i++) {
            assertTrue(tokens.enter("laptop", typed("laptop" + i)).isEmpty());
        }
        long before = System.nanoTime();
        assertTrue(tokens.enter("laptop", typed("")).isEmpty());
        assertTrue(System.nanoTime() - before >= 150_000_000L, "the sixth waits");
        assertTrue(tokens.enter("laptop", typed(text)).isPresent(), "the right one comes in at any time");
    }

    @Test
    void namesAreUniquePlainAndFew() {
        var tokens = tokens();
        tokens.add("a").close();
        refused("token-exists", () -> tokens.add("a"));
        refused("token-name-unfit", () -> tokens.add("a\nb"));
        refused("token-name-unfit", () -> tokens.add(""));
        refused("token-unknown", () -> tokens.remove("b"));
        for (int i = 1; i < 50; i++) {
            tokens.add("t" + i).close();
        }
        refused("tokens-too-many", () -> tokens.add("one more"));
    }

    private static void refused(String code, Runnable deed) {
        assertEquals(code, assertThrows(Refusal.class, deed::run).code());
    }
}
