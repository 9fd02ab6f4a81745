package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// What an authority asks of a request, and what a device reads of it.
@Tag("N7")
class RequestAttributesTest {
    private static final String KEYS =
            "06082a8648ce3d040302" + "301506072a8648ce3d0201310a06082a8648ce3d030107"; // as openssl asn1parse reads it
    private static final String PROOF = "06058837510301";
    private static final Bytes NONCE = Bytes.of(Arrays.copyOf(new byte[] {7, 8, 9}, 32));

    private static Bytes der(String hex) {
        return Bytes.of(HexFormat.of().parseHex(hex));
    }

    private static String nonce(Bytes value) {
        return "302b" + PROOF + "31220420" + value.asHex();
    }

    private static Bytes sequence(String content) {
        return der("30" + (content.length() / 2 > 127 ? "81" : "") + "%02x".formatted(content.length() / 2) + content);
    }

    @Test
    void whatIsAskedForIsExactlyThisAndIsReadAgain() {
        var asked = RequestAttributes.asked(NONCE);
        assertEquals(sequence(KEYS + nonce(NONCE)), asked);
        assertEquals(Optional.of(NONCE), RequestAttributes.nonce(asked));
    }

    @Test
    void theNonceIsFoundWhereverItStandsAndOnlyAsAnAttribute() {
        assertEquals(Optional.of(NONCE), RequestAttributes.nonce(sequence(nonce(NONCE) + KEYS)));
        assertEquals(Optional.empty(), RequestAttributes.nonce(sequence(KEYS)));
        assertEquals(Optional.empty(), RequestAttributes.nonce(sequence("")));
        // the same bytes inside another attribute's value are no nonce
        var inside = "3038" + "06032a0304" + "3131" + "042f" + "00" + "00" + nonce(NONCE);
        assertEquals(Optional.empty(), RequestAttributes.nonce(sequence(inside)));
    }

    @Test
    void anythingElseIsRefused() {
        refused(sequence(nonce(NONCE) + nonce(NONCE))); // which of the two?
        refused(sequence("301a" + PROOF + "3111" + "040f" + "00".repeat(15))); // shorter
        refused(sequence("304d" + PROOF + "3144" + ("0420" + NONCE.asHex()).repeat(2))); // two values
        refused(sequence("3009" + PROOF + "3100")); // none
        refused(sequence("302b" + PROOF + "31220c20" + NONCE.asHex())); // a text
        refused(sequence("0500"));
        refused(der("0420" + NONCE.asHex()));
        refused(Bytes.of());
        refused(Bytes.of(new byte[100_000]));
        var whole = RequestAttributes.asked(NONCE).toArray();
        for (int size = 0; size < whole.length; size++) {
            refused(Bytes.of(Arrays.copyOf(whole, size)));
        }
    }

    private static void refused(Bytes asked) {
        Refused.with("answer-malformed", () -> RequestAttributes.nonce(asked));
    }

    @FuzzTest
    void whateverAServerAsksForIsReadOrRefused(byte[] input) {
        try {
            assertTrue(RequestAttributes.nonce(Bytes.of(input)).stream().allMatch(n -> n.size() == 32));
        } catch (Refusal e) {
            assertEquals("answer-malformed", e.code());
        }
    }
}
