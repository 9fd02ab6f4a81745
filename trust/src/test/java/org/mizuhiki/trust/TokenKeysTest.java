package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;

/// A root key that never leaves its token, shown with SoftHSM.
@Tag("V1")
class TokenKeysTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final String PIN = "123456";
    private static final List<String> PLACES =
            List.of("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so");

    @TempDir
    Path folder;

    private static Secret pin() {
        return Secret.taking(Bytes.utf8(PIN).toArray());
    }

    /// SoftHSM reads its configuration from the environment of the process, which a test cannot change: the
    /// token of the whole machine is not touched, so a second process does the work.
    @Test
    void aRegionIsFoundedWithTheRootInAToken() throws Exception {
        var library = PLACES.stream().map(Path::of).filter(Files::exists).findFirst();
        assumeTrue(library.isPresent(), "SoftHSM (package softhsm2) is not here: the token's test is skipped");
        var tokens = Files.createDirectories(folder.resolve("tokens"));
        var config = Files.writeString(
                folder.resolve("softhsm2.conf"),
                "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        run(config, "softhsm2-util", "--init-token", "--free", "--label", "root", "--so-pin", "4321", "--pin", PIN);
        run(
                config,
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TokenKeysTest.class.getName(),
                library.get().toString(),
                folder.resolve("region").toString());
        // nothing of the root's key is among the files
        assertTrue(Files.notExists(folder.resolve("region").resolve("root").resolve("root.key")));
        var opened = Accreditation.open(folder.resolve("region"), DIE);
        var root = opened.roots().getFirst();
        opened.certificate("device").verify(root.getPublicKey());
        opened.caList().check(root, opened.quantumSafeRoot());
    }

    private void run(Path config, String... command) throws Exception {
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out.txt").toFile());
        builder.environment().put("SOFTHSM2_CONF", config.toString());
        int code = builder.start().waitFor();
        assertTrue(code == 0, command[0] + " " + code + "\n" + Files.readString(folder.resolve("out.txt")));
    }

    /// In a process of its own.
    public static void main(String[] arguments) {
        var keys = SigningKeys.inToken(Path.of(arguments[0]), pin(), new TestClock());
        Accreditation.found(
                Path.of(arguments[1]), keys, "みずひき", URI.create("http://127.0.0.1:1"), new TestClock(), DIE);
        // the key is a handle: it has no encoding that could be written anywhere
        assertNull(keys.key("root").getEncoded());
    }
}
