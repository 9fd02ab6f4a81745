package org.mizuhiki.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Bodies are base64 and nothing else.
class EstBodyTest {
    @Test
    void linesMayEndAnywhereAndAnyhow() {
        var der = Bytes.of(new byte[100]);
        var oneLine = der.asBase64();
        assertEquals(der, EstBody.decode(Bytes.utf8(oneLine)));
        assertEquals(der, EstBody.decode(Bytes.utf8(Base64.getMimeEncoder().encodeToString(der.toArray()))));
        assertEquals(der, EstBody.decode(Bytes.utf8(oneLine.replace("AAAA", "AA\nAA") + "\r\n")));
    }

    @FuzzTest
    void anyBodyIsReadOrRefused(byte[] data) {
        try {
            EstBody.decode(Bytes.of(data));
        } catch (Refusal expected) {
            assertEquals("request-malformed", expected.code());
        }
    }

    @FuzzTest
    void anyAnswerIsReadOrRefused(byte[] data) {
        try {
            EstBody.certificates(Bytes.utf8(Base64.getEncoder().encodeToString(data)));
        } catch (Refusal expected) {
            assertEquals("answer-malformed", expected.code());
        }
    }
}
