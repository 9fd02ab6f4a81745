package org.mizuhiki.ledger.note;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// A signed note (C2SP signed-note): text, then one line a signature.
///
/// @param text ends in a newline
public record Note(String text, List<Line> lines) {
    /// Largest note that is read, in characters: sixteen signatures of ML-DSA size fit.
    public static final int MAX = 128 << 10;

    private static final int MAX_LINES = 32;
    private static final Pattern NAME = Pattern.compile("[^\\p{Z}\\p{Cntrl}+]{1,255}");

    /// @param keyId four bytes
    public record Line(String name, Bytes keyId, Bytes signature) {
        /// With its newline.
        public String encode() {
            var joined = java.nio.ByteBuffer.allocate(4 + signature.size())
                    .put(keyId.toArray())
                    .put(signature.toArray())
                    .array();
            return "— " + name + " " + Base64.getEncoder().encodeToString(joined) + "\n";
        }
    }

    public Note {
        lines = List.copyOf(lines);
    }

    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /// Reads a note and refuses every other spelling of the same one.
    ///
    /// @throws Refusal `checkpoint-forged`
    public static Note parse(String encoded) {
        if (encoded.length() > MAX || hasControls(encoded)) {
            throw forged("the note is too long or holds control characters");
        }
        int gap = encoded.lastIndexOf("\n\n");
        if (gap < 0 || !encoded.endsWith("\n")) {
            throw forged("the note has no signatures");
        }
        var rest = encoded.substring(gap + 2);
        var lines = new ArrayList<Line>();
        for (var line : rest.lines().toList()) {
            lines.add(line(line));
        }
        if (lines.isEmpty() || lines.size() > MAX_LINES) {
            throw forged("the note has no signature lines, or too many");
        }
        var note = new Note(encoded.substring(0, gap + 1), lines);
        // one spelling only: base64 decoders forgive stray bits that a signature does not cover
        if (!note.encode().equals(encoded)) {
            throw forged("the note is not spelled as it should be");
        }
        return note;
    }

    private static boolean hasControls(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\n') || c == 0x7f) {
                return true;
            }
        }
        return false;
    }

    private static Line line(String line) {
        var parts = line.split(" ", -1);
        if (parts.length != 3 || !parts[0].equals("—") || !isName(parts[1])) {
            throw forged("a signature line is malformed");
        }
        try {
            var joined = Base64.getDecoder().decode(parts[2]);
            if (joined.length < 5) {
                throw forged("a signature is too short");
            }
            return new Line(
                    parts[1],
                    Bytes.of(java.util.Arrays.copyOf(joined, 4)),
                    Bytes.of(java.util.Arrays.copyOfRange(joined, 4, joined.length)));
        } catch (IllegalArgumentException e) {
            throw forged("a signature is not base64");
        }
    }

    public String encode() {
        var out = new StringBuilder(text).append('\n');
        lines.forEach(line -> out.append(line.encode()));
        return out.toString();
    }

    public Note with(Line line) {
        var more = new ArrayList<>(lines);
        more.add(line);
        return new Note(text, more);
    }

    static Refusal forged(String why) {
        return Refusal.of(
                "checkpoint-forged", "台帳のチェックポイントが偽造または破損しています", "The checkpoint is forged or damaged: " + why);
    }
}
