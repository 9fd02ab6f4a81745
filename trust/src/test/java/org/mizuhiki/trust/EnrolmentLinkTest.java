package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

@Tag("F11")
class EnrolmentLinkTest {
    private static final Ticket TICKET = Ticket.parse("0123456789abcdef.00112233445566778899aabbccddeeff");
    private static final EnrolmentLink LINK = new EnrolmentLink(
            "https://portal.example.jp:8443/enrol",
            Bytes.utf8("region").sha256(),
            TICKET,
            Instant.parse("2026-11-22T11:30:00Z"));

    @Test
    void aLinkIsReadAsItWasWritten() {
        for (var where : new String[] {LINK.where(), EnrolmentLink.APP, "https://a/enrol"}) {
            var link = new EnrolmentLink(where, LINK.region(), LINK.ticket(), LINK.expires());
            assertEquals(link, EnrolmentLink.parse(link.revealed()));
            assertEquals(link, EnrolmentLink.parse(" " + link.revealed() + "\n"));
        }
    }

    /// What browsers send and servers log is what stands before the `#`; what our logs could show is
    /// `toString`.
    @Test
    void theSecretStandsBehindTheHashOnly() {
        var sent = LINK.revealed().substring(0, LINK.revealed().indexOf('#'));
        assertEquals("https://portal.example.jp:8443/enrol", sent);
        assertFalse(LINK.toString().contains("00112233445566778899aabbccddeeff"));
        assertFalse(LINK.toString().contains(LINK.revealed().substring(sent.length() + 50, sent.length() + 80)));
    }

    @Test
    void aTamperedLinkIsMalformedOrAnother() {
        var good = LINK.revealed();
        for (int at = 0; at < good.length(); at++) {
            for (char with : "A0#.".toCharArray()) {
                var bent = good.substring(0, at) + with + good.substring(at + 1);
                try {
                    assertEquals(bent.equals(good), EnrolmentLink.parse(bent).equals(LINK), bent);
                } catch (Refusal refusal) {
                    assertEquals("link-malformed", refusal.code());
                }
            }
        }
        for (var bad : new String[] {
            "",
            "https://portal.example.jp/enrol",
            good.replace("https", "http"),
            good.replace("/enrol", "/enrol?x=1"),
            good.replace("portal", "user@portal"),
            good.replace("#1.", "#2."),
            good + ".",
            "x".repeat(100_000) + good
        }) {
            assertEquals(
                    "link-malformed",
                    assertThrows(Refusal.class, () -> EnrolmentLink.parse(bad)).code());
        }
    }

    @FuzzTest
    void anyTextIsALinkOrRefused(FuzzedDataProvider data) {
        var text = data.consumeBoolean()
                ? data.consumeRemainingAsString()
                : LINK.revealed().substring(0, data.consumeInt(0, 120)) + data.consumeRemainingAsString();
        try {
            assertEquals(text.strip(), EnrolmentLink.parse(text).revealed());
        } catch (Refusal refusal) {
            assertEquals("link-malformed", refusal.code());
        }
    }
}
