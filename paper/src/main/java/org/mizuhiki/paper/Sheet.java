package org.mizuhiki.paper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BiPredicate;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.mizuhiki.house.Bytes;

/// One A4 page under the pen. Places are points (1/72 inch) from the left and from the top, texts hang from
/// their base line. The same strokes give the same bytes.
public final class Sheet implements AutoCloseable {
    public static final float WIDTH = PDRectangle.A4.getWidth();
    public static final float HEIGHT = PDRectangle.A4.getHeight();

    private final PDDocument document = new PDDocument();
    private final Gothic gothic;
    private final PDPageContentStream pen;

    /// @throws org.mizuhiki.house.Refusal `font-missing`
    public Sheet() {
        try {
            gothic = Gothic.in(document);
            // PDFBox makes the file's identifier from the clock otherwise
            document.setDocumentId(1L);
            var page = new PDPage(PDRectangle.A4);
            document.addPage(page);
            pen = new PDPageContentStream(document, page);
        } catch (IOException e) {
            throw inMemory(e);
        }
    }

    public void left(float x, float y, float size, String text) {
        show(x, y, size, gothic.known(text));
    }

    /// @param x where it ends
    public void right(float x, float y, float size, String text) {
        var shown = gothic.known(text);
        show(x - gothic.width(shown, size), y, size, shown);
    }

    public void centred(float y, float size, String text) {
        var shown = gothic.known(text);
        show((WIDTH - gothic.width(shown, size)) / 2, y, size, shown);
    }

    /// Lines under each other.
    ///
    /// @return where the next one would stand
    public float wrapped(float x, float y, float size, float width, List<String> texts) {
        float at = y;
        for (var text : texts) {
            for (var line : gothic.wrapped(text, size, width)) {
                show(x, at, size, line);
                at += size * 1.5f;
            }
        }
        return at;
    }

    public void line(float x1, float y, float x2) {
        try {
            pen.setLineWidth(0.5f);
            pen.moveTo(x1, HEIGHT - y);
            pen.lineTo(x2, HEIGHT - y);
            pen.stroke();
        } catch (IOException e) {
            throw inMemory(e);
        }
    }

    /// A code to scan, its upper left corner here.
    ///
    /// @param edge in points
    /// @param modules of a side
    /// @param dark whether the module at (x, y) is dark
    public void code(float x, float y, float edge, int modules, BiPredicate<Integer, Integer> dark) {
        float module = edge / modules;
        try {
            for (int row = 0; row < modules; row++) {
                for (int column = 0; column < modules; column++) {
                    if (dark.test(column, row)) {
                        pen.addRect(x + column * module, HEIGHT - y - (row + 1) * module, module, module);
                    }
                }
            }
            pen.fill();
        } catch (IOException e) {
            throw inMemory(e);
        }
    }

    private void show(float x, float y, float size, String shown) {
        try {
            pen.beginText();
            pen.setFont(gothic.font(), size);
            pen.newLineAtOffset(x, HEIGHT - y);
            pen.showText(shown);
            pen.endText();
        } catch (IOException e) {
            throw inMemory(e);
        }
    }

    /// The page as a PDF; nothing is drawn after this.
    public Bytes pdf() {
        try {
            pen.close();
            var out = new ByteArrayOutputStream();
            document.save(out);
            return Bytes.of(out.toByteArray());
        } catch (IOException e) {
            throw inMemory(e);
        }
    }

    private static UncheckedIOException inMemory(IOException e) {
        return new UncheckedIOException("a page is written in memory", e);
    }

    @Override
    public void close() {
        try {
            document.close();
        } catch (IOException e) {
            throw inMemory(e);
        }
    }
}
