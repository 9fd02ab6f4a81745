package org.mizuhiki.trust;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Json;

/// A monitor's files may come from somebody else.
class WatchFilesFuzzTest {
    @FuzzTest
    void aMonitorsStateIsReadOrRefused(byte[] file) {
        try {
            var read = WatchMemory.read(Bytes.of(file));
            if (!WatchMemory.read(Json.write(read)).equals(read)) {
                throw new AssertionError("what was read is written as it was");
            }
        } catch (Refusal expected) {
            expected.code();
        }
        WatchMemory.read(Json.write(WatchMemory.empty()));
    }

    @FuzzTest
    void aMonitorsEvidenceIsReadOrRefused(byte[] file) {
        try {
            WatchEvidence.read(Bytes.of(file));
        } catch (Refusal expected) {
            expected.code();
        }
        WatchEvidence.read(Json.write(WatchEvidence.of(Instant.EPOCH, List.of())));
    }
}
