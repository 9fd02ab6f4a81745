package org.mizuhiki.vpn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;

/// A policy names what routers build, and nothing else.
@Tag("D4")
class ProposalsTest {
    @Test
    void noPolicyNamesAWeakerSuiteOrAChoiceOfSeveral() {
        var usual = Proposals.usual();
        assertEquals(usual, new Proposals(usual.ike(), usual.esp()));
        for (var ike : List.of(
                "",
                "default",
                "aes128gcm16-prfsha384-x25519",
                "aes256gcm16-aes128gcm16-prfsha384-x25519",
                "aes256gcm16-prfsha384-x25519-modp1024",
                "AES256GCM16-prfsha384-x25519")) {
            refused(ike, usual.esp());
        }
        for (var esp : List.of("", "null-sha1", "aes256gcm16", "aes256gcm16-x25519-modp1024")) {
            refused(usual.ike(), esp);
        }
    }

    private static void refused(String ike, String esp) {
        assertEquals(
                "declaration-malformed",
                assertThrows(Refusal.class, () -> new Proposals(ike, esp)).code());
    }
}
