package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.lab.SoftTokens;

/// A root key that never leaves its token, shown with SoftHSM.
@Tag("V1")
class TokenKeysTest {
    private static final SecureRandom DIE = new SecureRandom();

    @TempDir
    Path folder;

    @Test
    void aRegionIsFoundedWithTheRootInAToken() throws Exception {
        assumeTrue(SoftTokens.possible(), SoftTokens.MISSING);
        var tokens = SoftTokens.make(folder, 1, DIE);
        tokens.intoEnvironment();
        var region = folder.resolve("region");
        var keys = SigningKeys.inToken(tokens.library(), tokens.code(0), new TestClock());
        Accreditation.found(region, keys, "みずひき", URI.create("http://127.0.0.1:1"), new TestClock(), DIE);
        // the key is a handle: it has no encoding that could be written anywhere
        assertNull(keys.key("root").getEncoded());
        // nothing of the root's key is among the files
        assertTrue(Files.notExists(region.resolve("root").resolve("root.key")));
        var opened = Accreditation.open(region, DIE);
        var root = opened.roots().getFirst();
        opened.certificate("device").verify(root.getPublicKey());
        opened.caList().check(root, opened.quantumSafeRoot());
    }
}
