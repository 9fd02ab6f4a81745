package org.mizuhiki.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Refusal;

@Tag("V3")
class FloodedTrailTest {
    /// The devices of owner and author read the whole trail, or refuse to show a part of it.
    @Test
    void aReaderCannotBuryTheTrailUnderOpenings(@TempDir Path folder) {
        try (var region = new Region(folder)) {
            var r = region.letter();
            var grant = r.granted();
            var first = r.opening(r.colleague.id(), Optional.of(grant.id()));
            for (int i = 1; i < PostgresKeyServer.MOST_OPENINGS; i++) {
                r.open(grant);
            }
            region.keys.release(r.colleague.id(), region.sign(first, r.colleague));
            assertEquals(
                    "openings-too-many",
                    assertThrows(Refusal.class, () -> r.open(grant)).code());
            // the same again is no further opening, and others are not concerned
            region.keys.release(r.colleague.id(), region.sign(first, r.colleague));
            region.keys.release(r.patient.id(), region.sign(r.opening(r.patient.id(), Optional.empty()), r.patient));
            region.clock.forward(Duration.ofDays(1));
            r.open(grant);
        }
    }
}
