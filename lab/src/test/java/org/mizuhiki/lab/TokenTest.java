package org.mizuhiki.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ike.OwnKey;
import org.mizuhiki.ike.State;

/// The router's key lies in a token; a router that was copied without it is worth nothing.
class TokenTest {
    private static final List<String> PLACES =
            List.of("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so");

    @Test
    @Tag("D16")
    @Tag("N1")
    void theKeyOfATunnelStaysInItsToken() throws Exception {
        var library = PLACES.stream().map(Path::of).filter(Files::exists).findFirst();
        assumeTrue(library.isPresent(), "SoftHSM (package softhsm2) is not here: skipped");
        try (var country = Country.of("b", "a")) {
            var folder = Files.createDirectory(country.lab.folder().resolve("token"));
            var papers = country.router("a").papers();
            var environment = Map.of("SOFTHSM2_CONF", token(folder, papers.key()));
            var slot = slot(environment);
            country.router("a").close();
            try (var router = LabRouter.start(
                    country.lab, country.lab.site("a"), papers, Map.of("soft", library.get()), environment)) {
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
                router.engine().loadKey(key(slot, "1234"));
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

    /// A new token with that key in it.
    private static String token(Path folder, Path key) throws Exception {
        var file = folder.resolve("softhsm2.conf");
        Files.writeString(
                file,
                "directories.tokendir = " + Files.createDirectory(folder.resolve("tokens")) + "\nlog.level = ERROR\n");
        var pem = folder.resolve("key.pem");
        run(
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
                pem.toString());
        var environment = Map.of("SOFTHSM2_CONF", file.toString());
        run(
                environment,
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                "router",
                "--so-pin",
                "4321",
                "--pin",
                "1234");
        run(
                environment,
                "softhsm2-util",
                "--import",
                pem.toString(),
                "--token",
                "router",
                "--label",
                "key",
                "--id",
                "42",
                "--pin",
                "1234");
        return file.toString();
    }

    private static long slot(Map<String, String> environment) throws Exception {
        var slot = Pattern.compile("Slot (\\d+)").matcher(run(environment, "softhsm2-util", "--show-slots"));
        return slot.results().map(m -> Long.parseLong(m.group(1))).findFirst().orElseThrow();
    }

    private static String run(Map<String, String> environment, String... words) throws Exception {
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(environment);
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }
}
