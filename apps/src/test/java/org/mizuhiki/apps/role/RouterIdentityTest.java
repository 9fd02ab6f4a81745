package org.mizuhiki.apps.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.device.DeviceChip;
import org.mizuhiki.enrol.SlotCertificate;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Signature;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Validator;

/// A router whose device's key lies in an e-Key has a token for its service alone.
@Tag("N7")
class RouterIdentityTest {
    private static final SecureRandom DIE = new SecureRandom();

    /// Nothing is validated before something was certified.
    private static final Validator NOBODY = new Validator() {
        @Override
        public Member check(List<X509Certificate> chain, Purpose purpose, Instant at) {
            throw new IllegalStateException("nothing is here");
        }

        @Override
        public Member check(Signature signature) {
            throw new IllegalStateException("nothing is here");
        }
    };

    @TempDir
    Path folder;

    private RouterConfig config(String token) throws Exception {
        var file = folder.resolve("config.yaml");
        Files.writeString(file, """
                role: router
                folder: .
                region: region.json
                provider: "1319900041"
                outside: [eth0]
                token: {library: /nowhere.so, service: 1, servicePin: pin-0%s}
                """.formatted(token));
        return RouterConfig.read(file);
    }

    @Test
    void theDevicesTokenIsThereWithItsPinOrNotAtAll() throws Exception {
        assertTrue(config("").token().device().isEmpty());
        var both = config(", device: 7, devicePin: pin-1").token();
        assertEquals(7, both.device().orElseThrow());
        assertEquals(folder.resolve("pin-1"), both.devicePin().orElseThrow());
        for (var half : List.of(", device: 7", ", devicePin: pin-1")) {
            assertEquals(
                    "config-invalid",
                    assertThrows(Refusal.class, () -> config(half)).code());
        }
    }

    @Test
    void withoutADevicesTokenTheServicesCertificateIsMadeBesideTheChip() throws Exception {
        var nobody = new SlotCertificate.Authority(
                URI.create("https://127.0.0.1:1"), List.of(), NOBODY, Clock.systemUTC(), DIE);
        try (var elsewhere = DeviceChip.make(folder.resolve("chip"), "acme/R-9/0001", 1, DIE)) {
            var service = elsewhere.certificate(0, nobody);
            var identity = new RouterIdentity(config(""), Optional.empty(), service, Optional.empty());
            assertEquals(
                    "router-key-missing",
                    assertThrows(Refusal.class, identity::enrol).code());
            // with one it is the tickets that are missing
            var both = new RouterIdentity(config(""), Optional.of(service), service, Optional.empty());
            assertEquals(
                    "ticket-missing", assertThrows(Refusal.class, both::enrol).code());
        }
    }
}
