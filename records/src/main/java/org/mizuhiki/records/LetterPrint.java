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
import org.mizuhiki.house.Refusal;
import org.mizuhiki.paper.Gothic;

/// A letter as a PDF to print, in Japanese, with a code on every page by which somebody else can check it.
/// Everything of the sender's is text; what the font does not have is shown as `〓`, never left out.
public final class LetterPrint {
    private static final float MARGIN = 56;
    private static final float WIDTH = PDRectangle.A4.getWidth() - 2 * MARGIN;
    private static final float TOP = PDRectangle.A4.getHeight() - 150;
    private static final float BOTTOM = 80;
    private static final float SIZE = 10.5f;
    private static final float LEADING = 17;
    private static final float CODE = 85;
    private static final int PER_PAGE = (int) ((TOP - BOTTOM) / LEADING);

    /// Nobody prints more; a hostile letter must not fill the disk.
    private static final int MAX_PAGES = 100;

    private LetterPrint() {}

    /// A code to scan.
    ///
    /// @param side modules of a side
    /// @param dark whether the module at (x, y) is dark
    /// @param words beside it: how to check it
    public record Code(int side, BiPredicate<Integer, Integer> dark, List<String> words) {
        public Code {
            words = List.copyOf(words);
        }
    }

    /// @throws Refusal `letter-unreadable`, `font-missing`, `print-too-long`
    public static Bytes pdf(Letter letter, Code code) {
        QuietHapi.hush();
        try (var document = new PDDocument()) {
            var font = Gothic.in(document);
            var lines = new ArrayList<String>();
            Printable.lines(letter).forEach(line -> lines.addAll(wrapped(line, font)));
            int pages = Math.max(1, (lines.size() + PER_PAGE - 1) / PER_PAGE);
            if (pages > MAX_PAGES) {
                throw Refusal.of("print-too-long", "100ページを超えるため印刷できません", "The letter would fill more than 100 pages");
            }
            for (int i = 0; i < pages; i++) {
                var part = lines.subList(i * PER_PAGE, Math.min(lines.size(), (i + 1) * PER_PAGE));
                page(document, font, part, code, (i + 1) + " / " + pages);
            }
            var out = new ByteArrayOutputStream();
            document.save(out);
            return Bytes.of(out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("a PDF is written in memory; only the font is read", e);
        }
    }

    private static void page(PDDocument document, Gothic font, List<String> lines, Code code, String number)
            throws IOException {
        var page = new PDPage(PDRectangle.A4);
        document.addPage(page);
        try (var text = new PDPageContentStream(document, page)) {
            text(text, font, lines, TOP, SIZE, LEADING);
            var beside = new ArrayList<String>();
            code.words().forEach(word -> beside.addAll(wrapped(word, font, 8, WIDTH - CODE - 12)));
            text(text, font, beside, PDRectangle.A4.getHeight() - 48, 8, 12);
            text(text, font, List.of(number), 48, 9, 12);
            float module = CODE / code.side();
            float left = PDRectangle.A4.getWidth() - MARGIN - CODE;
            float top = PDRectangle.A4.getHeight() - 36;
            for (int y = 0; y < code.side(); y++) {
                for (int x = 0; x < code.side(); x++) {
                    if (code.dark().test(x, y)) {
                        text.addRect(left + x * module, top - (y + 1) * module, module, module);
                    }
                }
            }
            text.fill();
        }
    }

    private static void text(
            PDPageContentStream on, Gothic font, List<String> lines, float top, float size, float leading)
            throws IOException {
        on.beginText();
        on.setFont(font.font(), size);
        on.setLeading(leading);
        on.newLineAtOffset(MARGIN, top);
        for (var line : lines) {
            on.showText(line);
            on.newLine();
        }
        on.endText();
    }

    private static List<String> wrapped(String line, Gothic font) {
        return wrapped(line, font, SIZE, WIDTH);
    }

    private static List<String> wrapped(String line, Gothic font, float size, float width) {
        return font.wrapped(Texts.shortened(line, PlainText.MOST), size, width);
    }
}
