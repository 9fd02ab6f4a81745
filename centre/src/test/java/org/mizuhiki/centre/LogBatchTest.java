package org.mizuhiki.centre;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Batches of records have one encoding, and whatever else the bytes say is refused.
@Tag("D9")
class LogBatchTest {
    @FuzzTest(maxDuration = "60s")
    void anyBytesAreReadAsOneBatchInOneSpellingOrRefused(byte[] input) {
        var encoded = Bytes.of(input);
        try {
            assertEquals(encoded, LogBatch.decode(encoded).encode());
        } catch (Refusal e) {
            assertTrue(e.english().length() > 10);
        }
    }
}
