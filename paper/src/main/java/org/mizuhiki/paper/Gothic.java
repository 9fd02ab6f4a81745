package org.mizuhiki.paper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.mizuhiki.house.Refusal;

/// The Japanese font, and how lines break in it.
public record Gothic(PDFont font) {
    /// Where Debian's fonts-ipaexfont-gothic puts its font.
    private static final Path FILE = Path.of("/usr/share/fonts/opentype/ipaexfont-gothic/ipaexg.ttf");

    /// Whether this machine has it.
    public static boolean isThere() {
        return Files.isReadable(FILE);
    }

    /// @throws Refusal `font-missing`
    public static Gothic in(PDDocument document) {
        if (!isThere()) {
            throw Refusal.of(
                    "font-missing",
                    "日本語フォントがないため印刷できません。fonts-ipaexfont-gothic を入れてください",
                    "There is no Japanese font to print with; install fonts-ipaexfont-gothic");
        }
        return orLatin(document);
    }

    /// Where there is none, one for English.
    public static Gothic orLatin(PDDocument document) {
        if (!isThere()) {
            return new Gothic(new PDType1Font(Standard14Fonts.FontName.HELVETICA));
        }
        try (var gothic = Files.newInputStream(FILE)) {
            return new Gothic(PDType0Font.load(document, gothic, true));
        } catch (IOException e) {
            throw new UncheckedIOException("the font was readable a moment ago", e);
        }
    }

    /// Breaks where the line is full, as Japanese does; at least one line.
    ///
    /// @param width in points, at this size
    public List<String> wrapped(String text, float size, float width) {
        var lines = new ArrayList<String>();
        var one = new StringBuilder();
        float used = 0;
        for (int c : text.codePoints().toArray()) {
            var shown = known(c);
            float wide = width(shown, size);
            if (used + wide > width && !one.isEmpty()) {
                lines.add(one.toString());
                one.setLength(0);
                used = 0;
            }
            one.append(shown);
            used += wide;
        }
        lines.add(one.toString());
        return lines;
    }

    /// The text with `〓` for what the font does not have.
    public String known(String text) {
        var all = new StringBuilder();
        text.codePoints().forEach(c -> all.append(known(c)));
        return all.toString();
    }

    private String known(int c) {
        var text = Character.toString(c);
        try {
            font.encode(text);
            return text;
        } catch (IOException | IllegalArgumentException e) {
            return isThere() ? "〓" : "?"; // a missing glyph must be seen as missing
        }
    }

    /// In points.
    ///
    /// @param shown only what [#known] gave
    public float width(String shown, float size) {
        try {
            return font.getStringWidth(shown) * size / 1000;
        } catch (IOException e) {
            throw new UncheckedIOException("the font is in memory", e);
        }
    }
}
