package org.mizuhiki.records;

import java.time.OffsetDateTime;
import java.util.Random;
import org.mizuhiki.house.Bytes;

final class Samples {
    static final OffsetDateTime ISSUED = OffsetDateTime.parse("2026-11-20T10:15:30+09:00");

    private Samples() {}

    static Referral referral(long seed) {
        return ReferralSample.at(ISSUED, new Random(seed));
    }

    static Bytes letter(long seed) {
        return ReferralWriter.write(referral(seed), new Random(seed));
    }
}
