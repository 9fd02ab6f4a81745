package org.mizuhiki.apps.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.ForeignRoot;
import org.mizuhiki.trust.ForeignRootBook;
import org.mizuhiki.trust.KeyFiles;

/// The operator's words about other PKIs' roots.
class ForeignRootOperationsTest {
    /// Remembers what it was told.
    private static final class Told implements ForeignRootBook {
        final List<ForeignRoot> added = new ArrayList<>();
        final List<Digest> withdrawn = new ArrayList<>();

        @Override
        public void add(ForeignRoot root, String by, String reason) {
            assertEquals("山田 連携", by + " " + reason);
            added.add(root);
        }

        @Override
        public void withdraw(Digest root, String by, String reason) {
            withdrawn.add(root);
        }

        @Override
        public History history() {
            return new History(List.of(), Optional.empty());
        }
    }

    private static String ask(Told told, String operation, Map<String, String> asked) {
        return Objects.requireNonNull(ForeignRootOperations.of(told).get(operation))
                .answer(asked);
    }

    private static Map<String, String> wish(Path folder) {
        var die = new SecureRandom();
        var root = Accreditation.found(folder, "other", URI.create("http://x"), Clock.systemUTC(), die)
                .roots();
        KeyFiles.writeChain(folder.resolve("root.pem"), root);
        return Map.of(
                "certificate", folder.resolve("root.pem").toAbsolutePath().toString(),
                "purposes", "mail-signing,tls-client",
                "domains", "example.jp,.example.com",
                "hosts", "crl.example.jp",
                "until", "2031-03-31",
                "by", "山田",
                "reason", "連携");
    }

    @Test
    void aRootIsTrustedForWhatWasSaidAndWithdrawnByItsDigest(@TempDir Path folder) {
        var told = new Told();
        var said = ask(told, "trust-root", wish(folder));
        var root = told.added.getFirst();
        assertTrue(said.endsWith(root.digest().hex()));
        assertEquals(Set.of(ForeignRoot.Purpose.MAIL_SIGNING, ForeignRoot.Purpose.TLS_CLIENT), root.purposes());
        assertEquals(Set.of("example.jp", ".example.com"), root.domains());
        assertEquals(Set.of(), root.policies());
        assertEquals(Instant.parse("2031-03-31T00:00:00Z"), root.until());
        ask(told, "distrust-root", Map.of("root", root.digest().hex(), "by", "山田", "reason", "終了"));
        assertEquals(List.of(root.digest()), told.withdrawn);
        assertEquals("ありません / none", ask(told, "foreign-roots", Map.of()));
    }

    @Test
    void whatIsMissingOrOddIsSaid(@TempDir Path folder) {
        var good = wish(folder);
        for (var name : List.of("certificate", "purposes", "until", "by", "reason")) {
            var less = new HashMap<>(good);
            less.remove(name);
            refused("argument-missing", less);
        }
        refused("argument-malformed", changed(good, "until", "soon"));
        refused("argument-malformed", changed(good, "certificate", "root.pem"));
        refused("foreign-root-malformed", changed(good, "purposes", "everything"));
        refused("foreign-root-malformed", changed(good, "domains", "*"));
        refused("key-file-unreadable", changed(good, "certificate", "/nowhere/root.pem"));
    }

    private static Map<String, String> changed(Map<String, String> good, String name, String value) {
        var odd = new HashMap<>(good);
        odd.put(name, value);
        return odd;
    }

    private static void refused(String code, Map<String, String> asked) {
        var told = new Told();
        assertEquals(
                code,
                assertThrows(Refusal.class, () -> ask(told, "trust-root", asked))
                        .code());
        assertEquals(List.of(), told.added);
    }
}
