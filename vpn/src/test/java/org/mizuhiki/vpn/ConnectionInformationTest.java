package org.mizuhiki.vpn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;

/// Connection information has one encoding, and whatever else the bytes say is refused.
@Tag("D3")
class ConnectionInformationTest {
    private static final ConnectionInformation SOME = Pretend.information(
            Pretend.uniform(),
            Pretend.policy(Pretend.A, "10.1.0.0/24", Pretend.rule("all", Answer.AUTOMATIC)),
            Pretend.policy(Pretend.B, "10.2.0.0/24", Pretend.rule("all", Answer.AUTOMATIC)));

    @Test
    void itIsReadAsItWasWritten() {
        assertEquals(SOME, ConnectionInformation.decode(SOME.encode()));
        assertEquals(
                Pretend.router(Pretend.B),
                SOME.partner(Pretend.router(Pretend.A)).router());
    }

    @Test
    void everyOtherSpellingIsRefused() {
        var text = SOME.encode().asUtf8();
        for (var other :
                List.of(text + " ", text.replaceFirst(":1,", ": 1,"), text.replaceFirst("\"serial\":1,", ""))) {
            assertThrows(Refusal.class, () -> ConnectionInformation.decode(Bytes.utf8(other)));
        }
    }

    @FuzzTest(maxDuration = "60s")
    void anyBytesAreReadInOneSpellingOrRefused(byte[] input) {
        var encoded = Bytes.of(input);
        try {
            assertEquals(encoded, ConnectionInformation.decode(encoded).encode());
        } catch (Refusal e) {
            assertTrue(e.english().length() > 10);
        }
    }
}
