package org.mizuhiki.records.dicom;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/// Text in DICOM's character sets (PS3.3, C.12.1.1.2): the single-byte ones by name, and ISO 2022 with the
/// Japanese sets (IR 13 katakana, IR 87 kanji, IR 159 supplementary kanji), switched by escape sequences
/// within the text.
final class Words {
    private static final Charset EUC = Charset.forName("EUC-JP");
    private static final Charset KATAKANA = Charset.forName("JIS_X0201");

    private Words() {}

    /// @param sets the value of Specific Character Set (0008,0005)
    static String decode(byte[] value, String sets) {
        var first = sets.split("\\\\", -1)[0].strip();
        if (sets.contains("ISO 2022")) {
            return iso2022(value, first.equals("ISO 2022 IR 13") ? KATAKANA : StandardCharsets.ISO_8859_1);
        }
        return new String(value, single(first));
    }

    private static Charset single(String name) {
        return switch (name) {
            case "ISO_IR 192" -> StandardCharsets.UTF_8;
            case "ISO_IR 13" -> KATAKANA;
            case "GB18030", "GBK" -> Charset.forName("GB18030");
            case "ISO_IR 101" -> Charset.forName("ISO-8859-2");
            case "ISO_IR 144" -> Charset.forName("ISO-8859-5");
            case "ISO_IR 126" -> Charset.forName("ISO-8859-7");
            default -> StandardCharsets.ISO_8859_1;
        };
    }

    private static String iso2022(byte[] value, Charset start) {
        var out = new StringBuilder();
        var set = Set.SINGLE;
        int from = 0;
        for (int i = 0; i <= value.length; i++) {
            boolean ends = i == value.length;
            // a delimiter or line end switches back to the first set (PS3.5, 6.1.2.5.3)
            boolean delimits = !ends && set != Set.SINGLE && (value[i] == '\r' || value[i] == '\n');
            if (ends || delimits || value[i] == 0x1b) {
                out.append(segment(value, from, i, set, start));
                from = i;
                if (delimits) {
                    set = Set.SINGLE;
                } else if (!ends) {
                    set = set(value, i);
                    i += set == Set.EXTRA_KANJI ? 3 : 2;
                    from = Math.min(i + 1, value.length);
                }
            }
        }
        return out.toString();
    }

    private enum Set {
        SINGLE,
        KANJI,
        EXTRA_KANJI
    }

    private static Set set(byte[] value, int escape) {
        if (escape + 2 < value.length && value[escape + 1] == '$') {
            if (value[escape + 2] == 'B' || value[escape + 2] == '@') {
                return Set.KANJI;
            }
            if (value[escape + 2] == '(') {
                return Set.EXTRA_KANJI;
            }
        }
        return Set.SINGLE;
    }

    private static String segment(byte[] value, int from, int to, Set set, Charset start) {
        if (from >= to) {
            return "";
        }
        if (set == Set.SINGLE) {
            return new String(value, from, to - from, start);
        }
        boolean extra = set == Set.EXTRA_KANJI;
        var euc = new byte[(to - from) * 2];
        int length = 0;
        for (int i = from; i + 1 < to; i += 2) {
            if (extra) {
                euc[length++] = (byte) 0x8f;
            }
            euc[length++] = (byte) (value[i] | 0x80);
            euc[length++] = (byte) (value[i + 1] | 0x80);
        }
        return new String(euc, 0, length, EUC);
    }
}
