package org.mizuhiki.apps.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Published;

/// Who is believed no more still hears what everybody may hear.
class EvenRevokedTest {
    private record Saying(String text, String refusal) implements Published {
        @Override
        public Bytes certificate(String ca) {
            if (!refusal.isEmpty()) {
                throw Refusal.of(refusal, "不可", "no");
            }
            return Bytes.utf8(text + ca);
        }

        @Override
        public Bytes crl(String ca) {
            return certificate(ca);
        }
    }

    private static String asked(String refusal) {
        return new EvenRevoked(new Saying("known ", refusal), new Saying("anonymous ", ""))
                .crl("person")
                .asUtf8();
    }

    @Test
    void aServerAsksWithItsCertificateAsLongAsThatIsBelieved() {
        assertEquals("known person", asked(""));
        assertEquals("anonymous person", asked("certificate-revoked"));
        assertEquals("anonymous person", asked("certificate-expired"));
    }

    @Test
    void anythingElseIsToldAsItIs() {
        assertEquals(
                "server-busy",
                assertThrows(Refusal.class, () -> asked("server-busy")).code());
    }
}
