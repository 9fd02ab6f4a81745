package org.mizuhiki.records.hl7;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.mizuhiki.house.Refusal;

/// Bytes of an HL7 v2 message as text. It must be decoded before it is split: in ISO-2022-JP the bytes of `|`
/// and `^` also stand inside of kanji.
final class Hl7Text {
    private static final Charset JAPANESE = Charset.forName("ISO-2022-JP");
    private static final Charset WINDOWS = Charset.forName("windows-31j");
    private static final int FIRST_LINE = 1000;

    private Hl7Text() {}

    /// @throws Refusal `export-encoding`
    static String decode(byte... message) {
        var charset = charset(message);
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(message))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Refusal.of(
                    "export-encoding",
                    "HL7ファイルの文字コード（MSH-18では " + charset.name() + "）が内容と合いません。書き出しの設定を確かめてください",
                    "The HL7 file is not in the encoding that MSH-18 names or its bytes suggest (" + charset.name()
                            + ")",
                    e);
        }
    }

    /// As MSH-18 says; where it is silent or ASCII, as the bytes look.
    private static Charset charset(byte... message) {
        var said = encodings(message);
        if (said.contains("UTF-8")) {
            return StandardCharsets.UTF_8;
        }
        if (said.contains("SJIS") || said.contains("SHIFT")) {
            return WINDOWS;
        }
        boolean escapes = Arrays.binarySearch(sorted(message), (byte) 0x1b) >= 0;
        if (escapes || said.contains("IR87") || said.contains("IR159")) {
            return JAPANESE;
        }
        return isUtf8(message) ? StandardCharsets.UTF_8 : WINDOWS;
    }

    private static byte[] sorted(byte... message) {
        var copy = message.clone();
        Arrays.sort(copy);
        return copy;
    }

    /// MSH-18 of the first line; `ISO IR87` is also written without its space.
    private static String encodings(byte... message) {
        var line = new String(message, 0, Math.min(message.length, FIRST_LINE), StandardCharsets.ISO_8859_1)
                .lines()
                .findFirst()
                .orElse("");
        var fields = line.split("\\|", -1);
        return fields.length > 17
                ? fields[17].replace(" ", "").replace("_", "-").toUpperCase(java.util.Locale.ROOT)
                : "";
    }

    private static boolean isUtf8(byte... message) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message))
                    .hasArray();
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
