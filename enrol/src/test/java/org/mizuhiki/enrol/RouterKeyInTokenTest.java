package org.mizuhiki.enrol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.chip.Pkcs11Element;
import org.mizuhiki.chip.SoftHsm;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peers;

/// A router's keys lie in tokens behind PKCS#11, are certified over EST, and strongSwan authenticates with
/// them.
@Tag("N7")
class RouterKeyInTokenTest {
    private static final String ID = Bytes.utf8("mizuhiki-1").asHex();

    @TempDir
    static Path folder;

    private static LiveAuthority authority;
    private static SoftHsm tokens;

    @BeforeAll
    static void open() throws Exception {
        authority = new LiveAuthority(folder);
        tokens = SoftHsm.in(Files.createDirectory(folder.resolve("hsm")), 2);
    }

    @AfterAll
    static void close() {
        authority.close();
    }

    private static Secret code(int token) {
        return Secret.taking(SoftHsm.pin(token).getBytes(US_ASCII));
    }

    private static SlotCertificate certificate(Pkcs11Element element, int slot) {
        return new SlotCertificate(
                element.slot(slot, code(slot)), folder.resolve(slot + ".csr"), authority.asDevicesSeeIt());
    }

    @Test
    void strongSwanAuthenticatesWithAKeyThatNeverLeftItsToken() throws Exception {
        // 1. both tiers over EST; the service's ticket with the device's token in the TLS handshake
        var element = Pkcs11Element.open(tokens.library(), tokens.slots());
        var device = authority.someDevice();
        var tier1 = certificate(element, 0);
        tier1.enrol(authority.ticket(device), Optional.empty());
        var service = new Member.Service("1311234567", "medical-vpn", device);
        certificate(element, 1).enrol(authority.ticket(service), Optional.of(tier1));
        var own = element.slot(1, code(1)).chain().getFirst();
        assertEquals(service, Member.of(own));
        // 2. two routers
        authority.enrolled(folder, "other", Duration.ZERO);
        var address = authority.asDevicesSeeIt().address();
        var authorities = new EstClient(Peers.connect(address, Identity.anonymous(authority.roots), LiveAuthority.DIE))
                .authorities();
        var environment = Map.of("SOFTHSM2_CONF", tokens.configuration().toString());
        try (var lab = new IkeLab(folder, tokens.library(), environment)) {
            lab.start("a", own, authorities, token(1));
            Files.createDirectories(folder.resolve("b/private"));
            Files.copy(folder.resolve("other.key"), folder.resolve("b/private/own.key"));
            lab.start("b", KeyFiles.readChain(folder.resolve("other.pem")).getFirst(), authorities, "");
            // 3. who they are, proven to each other
            var said = lab.swanctl("a", "--initiate", "--ike", "peer", "--timeout", "20");
            assertTrue(said.contains("initiate completed successfully"), said + lab.log("a") + lab.log("b"));
            for (var side : List.of("a", "b")) {
                var seen = lab.swanctl(side, "--list-sas");
                assertTrue(seen.contains("ESTABLISHED") && seen.contains("CN=medical-vpn"), seen);
            }
            try (var files = Files.list(folder.resolve("a/private"))) {
                assertEquals(0, files.count(), "no private key on disk");
            }
        }
    }

    private static String token(int number) {
        return """
                secrets { token1 {
                  handle = %s
                  slot = %d
                  module = token
                  pin = %s
                } }
                """.formatted(ID, tokens.slots().get(number), SoftHsm.pin(number));
    }
}
