package org.mizuhiki.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// A letter on paper: all of its words, in Japanese, and the code on every page.
@Tag("V11")
class LetterPrintTest {
    private static final LetterPrint.Code CODE =
            new LetterPrint.Code(21, (x, y) -> (x + y) % 2 == 0, List.of("この印刷物の確認", "MIZUHIKI-PRINT:1:abc"));

    @BeforeEach
    void aJapaneseFont() {
        Assumptions.assumeTrue(org.mizuhiki.paper.Gothic.isThere(), "fonts-ipaexfont-gothic");
    }

    private static String words(Bytes pdf) throws IOException {
        try (var document = Loader.loadPDF(pdf.toArray())) {
            return new PDFTextStripper().getText(document).replaceAll("\\s", "");
        }
    }

    private static int pages(Bytes pdf) throws IOException {
        try (var document = Loader.loadPDF(pdf.toArray())) {
            return document.getNumberOfPages();
        }
    }

    private static Letter telling(String presentIllness) {
        var sample = Samples.referral(1);
        var story = sample.story();
        var longer = new Referral(
                sample.patient(),
                sample.from(),
                sample.to(),
                sample.issued(),
                new Referral.Story(
                        story.purpose(),
                        story.problem(),
                        story.onset(),
                        presentIllness,
                        story.pastIllness(),
                        story.allergies(),
                        story.medication()),
                List.of());
        return new Letter(ReferralWriter.write(longer, new Random(1)), List.of());
    }

    @Test
    void thePageHasTheLettersWordsInJapanese() throws Exception {
        var referral = Samples.referral(1);
        var attachment = new Attachment("ct.dcm", Attachment.MediaType.DICOM, 10, Digest.of((byte) 1));
        var words = words(LetterPrint.pdf(new Letter(Samples.letter(1), List.of(attachment)), CODE));
        for (var word : List.of(
                referral.patient().name().written(),
                referral.from().institution(),
                referral.to().institution(),
                referral.story().medication(),
                "【現病歴】",
                "ct.dcm",
                "MIZUHIKI-PRINT:1:abc")) {
            assertTrue(words.contains(word.replaceAll("\\s", "")), word);
        }
    }

    @Test
    void aLongLetterFillsPagesAndLosesNoWord() throws Exception {
        var told = "経過は良好である。".repeat(600);
        var pdf = LetterPrint.pdf(telling(told), CODE);
        int pages = pages(pdf);
        assertTrue(pages > 3, pages + " pages");
        var words = words(pdf);
        assertEquals(600, words.split("経過は良好", -1).length - 1, 6, "but for those that a page's end divides");
        assertEquals(pages, words.split("MIZUHIKI-PRINT", -1).length - 1, "the code on every page");
    }

    @Test
    void whatTheFontLacksIsSeenToBeMissing() throws Exception {
        assertTrue(words(LetterPrint.pdf(telling("前 \uD83D\uDC1F 後"), CODE)).contains("前〓後"));
    }

    @Test
    void aLetterWithoutEndIsNotPrinted() {
        var refusal = assertThrows(
                Refusal.class, () -> LetterPrint.pdf(telling("長".repeat(90_000) + "\n" + "い\n".repeat(9_000)), CODE));
        assertEquals("print-too-long", refusal.code());
    }
}
