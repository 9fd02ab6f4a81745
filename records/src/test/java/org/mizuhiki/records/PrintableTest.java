package org.mizuhiki.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

@Tag("V9")
@Tag("F9")
class PrintableTest {
    @Test
    void thePageShowsTheLetterInJapanese() {
        var referral = Samples.referral(1);
        var attachment = new Attachment("ct.dcm", Attachment.MediaType.DICOM, 10, Digest.of((byte) 1));
        var page = Printable.html(new Letter(Samples.letter(1), List.of(attachment)));
        for (var word : List.of(
                "lang=\"ja\"",
                referral.patient().name().written(),
                referral.from().institution(),
                referral.to().institution(),
                referral.story().purpose(),
                referral.story().medication(),
                "現病歴",
                "ct.dcm")) {
            assertTrue(page.contains(word), word);
        }
    }

    @Test
    void whatTheSenderWritesStaysText() {
        var attack = "<script>alert('x')</script><img src=x onerror=alert(1)> & \u202e";
        var sample = Samples.referral(1);
        var patient = sample.patient();
        var name = new Referral.Name(attack, "\"><svg onload=alert(1)>", "カナ", "カナ");
        var story = sample.story();
        var hostile = new Referral(
                new Referral.Patient(
                        name,
                        patient.birthDate(),
                        patient.sex(),
                        patient.number(),
                        patient.insurance(),
                        patient.postalCode(),
                        patient.address()),
                sample.from(),
                sample.to(),
                sample.issued(),
                new Referral.Story(
                        attack,
                        story.problem(),
                        story.onset(),
                        attack,
                        story.pastIllness(),
                        story.allergies(),
                        story.medication()),
                List.of());
        var letter = ReferralWriter.write(hostile, new Random(1));
        var page = Printable.html(new Letter(letter, List.of()));
        assertTrue(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"));
        for (var live : List.of("<script", "<img", "<svg", "\u202e")) {
            assertFalse(page.contains(live), live);
        }
        assertTrue(page.contains("default-src 'none'"));
    }

    @Test
    void whatIsNotALetterIsNotShown() {
        var refusal = assertThrows(Refusal.class, () -> Printable.html(new Letter(Bytes.utf8("<script>"), List.of())));
        assertEquals("letter-unreadable", refusal.code());
    }
}
