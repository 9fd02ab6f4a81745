package org.mizuhiki.records;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.paper.Gothic;

/// Makes a one-page PDF, for the sample letter or to hand over at a desk: in Japanese where Debian's fonts-ipaexfont is
/// installed,
/// otherwise in English.
public final class PdfPage {
    private PdfPage() {}

    /// A made-up report about the patient of a referral.
    public static Bytes report(Referral referral) {
        QuietHapi.hush();
        return Gothic.isThere()
                ? write(List.of(
                        "検査報告書（合成データ）",
                        "患者: " + referral.patient().name().written(),
                        "依頼元: " + referral.from().institution(),
                        "所見: 右下肺野に6mmの結節影。経過観察を要する。"))
                : write(List.of(
                        "Report (synthetic data)",
                        "Patient number: " + referral.patient().number(),
                        "Institution: " + referral.from().code(),
                        "Finding: a nodule of 6 mm in the right lower lung field."));
    }

    /// One page to hand over: lines of text, and below them a QR code.
    ///
    /// @param japanese shown where there is a Japanese font
    /// @param english shown below it, and alone where there is none; plain ASCII
    /// @param side modules of a side of the QR code
    /// @param dark whether the module at (x, y) is dark
    public static Bytes sheet(
            List<String> japanese, List<String> english, int side, BiPredicate<Integer, Integer> dark) {
        var lines = new ArrayList<String>();
        if (Gothic.isThere()) {
            lines.addAll(japanese);
            lines.add("");
        }
        lines.addAll(english);
        return write(lines, page -> {
            float module = 200f / side;
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    if (dark.test(x, y)) {
                        page.addRect(60 + x * module, 60 + (side - 1 - y) * module, module, module);
                    }
                }
            }
            page.fill();
        });
    }

    /// Draws beside the text.
    @FunctionalInterface
    private interface Drawing {
        void on(PDPageContentStream page) throws IOException;
    }

    private static Bytes write(List<String> lines) {
        return write(lines, _ -> {});
    }

    private static Bytes write(List<String> lines, Drawing drawing) {
        try (var document = new PDDocument()) {
            var page = new PDPage(PDRectangle.A4);
            document.addPage(page);
            var font = Gothic.orLatin(document).font();
            try (var text = new PDPageContentStream(document, page)) {
                text.beginText();
                text.setLeading(24);
                text.newLineAtOffset(60, 760);
                text.setFont(font, 12);
                for (var line : lines) {
                    text.showText(line);
                    text.newLine();
                }
                text.endText();
                drawing.on(text);
            }
            var out = new ByteArrayOutputStream();
            document.save(out);
            return Bytes.of(out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("a PDF is written in memory; only the font is read", e);
        }
    }
}
