package org.mizuhiki.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;

@Tag("V9")
@Tag("V11")
class NationalProfilesTest {
    private static @Nullable ProfileValidator loaded;

    @BeforeAll
    static void load() {
        loaded = ProfileValidator.over(SharedData.find("jp-clins")).warm();
    }

    @AfterAll
    static void close() {
        if (loaded != null) {
            loaded.close();
        }
    }

    private static LetterCheck check(Bytes letter) {
        return Objects.requireNonNull(loaded).check(letter);
    }

    @Test
    void theNationalExampleIsAccepted() throws IOException {
        var example = SharedData.find("jp-clins/examples/Bundle-Bundle-CLINS-Referral-Example-01.json");
        var answer = check(Bytes.of(Files.readAllBytes(example)));
        var accepted = assertInstanceOf(LetterCheck.Accepted.class, answer, () -> errors(answer));
        assertEquals("牧野 爛漫", accepted.summary().patient().name());
        assertEquals("港診療所", accepted.summary().from().institution());
    }

    @Test
    void ourOwnReferralsHaveNoErrors() {
        for (int seed = 0; seed < 2; seed++) {
            var referral = Samples.referral(seed)
                    .with(List.of(new Attachment("ct.dcm", Attachment.MediaType.DICOM, 9, Digest.of((byte) seed))));
            var answer = check(ReferralWriter.write(referral, new Random(seed)));
            assertInstanceOf(LetterCheck.Accepted.class, answer, () -> errors(answer));
        }
    }

    static String errors(LetterCheck answer) {
        var lines = answer.findings().stream()
                .filter(Finding::isError)
                .map(Finding::line)
                .toList();
        assertTrue(lines.size() < 1000);
        return String.join("\n", lines);
    }
}
