package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.records.Attachment;
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.records.LetterCheck;
import org.mizuhiki.records.Referral;
import org.mizuhiki.records.ReferralSample;
import org.mizuhiki.records.ReferralWriter;
import org.mizuhiki.wire.Json;

/// Referrals and the documents that the room `records` writes of them, by which the portal's worker, which
/// writes them too, is held to the same form (`portal/src/test/referral.json`). Made anew by
/// `mvn -pl pocket test -Dtest=BrowserReferralTest -Dmizuhiki.vectors=write`.
@Tag("V9")
@Tag("B4")
class BrowserReferralTest {
    private static final Path FILE = Path.of("../portal/src/test/referral.json");
    private static final OffsetDateTime ISSUED = OffsetDateTime.parse("2026-11-23T09:05:00+09:00");

    /// @param document FHIR, as text
    record Written(Referral referral, String document) {}

    record Vectors(List<Written> written) {}

    @Test
    void theBrowserIsHeldToWhatIsWrittenHere() throws IOException {
        var made = new Vectors(referrals().stream()
                .map(r -> new Written(
                        r, ReferralWriter.write(r, new SplittableRandom(7)).asUtf8()))
                .toList());
        if (System.getProperty("mizuhiki.vectors", "").equals("write")) {
            Files.write(FILE, Json.write(made).toArray());
        }

        assertEquals(Json.write(made).asUtf8(), Files.readString(FILE));
        for (var one : made.written()) {
            assertInstanceOf(
                    LetterCheck.Accepted.class, new DocumentRules().check(Bytes.utf8(one.document())), one.document());
        }
    }

    private static List<Referral> referrals() {
        var all = new ArrayList<Referral>();
        for (long seed = 0; seed < 4; seed++) {
            all.add(ReferralSample.at(ISSUED.plusDays(seed), new SplittableRandom(seed)));
        }
        var two = List.of(
                new Attachment("心電図 1.pdf", Attachment.MediaType.PDF, 1234, Digest.of((byte) 1)),
                new Attachment("CT <1>.dcm", Attachment.MediaType.DICOM, 3_000_000_000L, Digest.of((byte) 2)));
        all.add(all.getFirst().with(two));
        all.add(marked(all.getFirst()));
        return all;
    }

    /// Words that look like mark-up, several lines, and a past that has none.
    private static Referral marked(Referral of) {
        var story = new Referral.Story(
                "<script>alert(1)</script> & \"quoted\" 'single'",
                new Referral.Coded("20058911", "狭心症 <b>"),
                LocalDate.of(2026, 9, 1),
                "一行目\n\n三行目 &lt; &amp;",
                "</p></div><img src=x>",
                "a\u00a0b",
                "5 > 3");
        return new Referral(of.patient(), of.from(), of.to(), of.issued(), story, List.of());
    }
}
