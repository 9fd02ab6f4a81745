package org.mizuhiki.dues;

import org.mizuhiki.house.Refusal;

/// Texts that end up on invoices.
final class Words {
    private Words() {}

    /// @throws Refusal `text-malformed` when it is longer, or has line breaks or other control characters
    static String upTo(int most, String text) {
        boolean odd = text.codePoints().anyMatch(c -> switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        });
        if (odd || text.codePointCount(0, text.length()) > most) {
            throw Refusal.of(
                    "text-malformed",
                    "文字列は" + most + "文字まで、改行や制御文字なしで書いてください",
                    "A text has at most " + most + " characters and no line breaks or control characters");
        }
        return text;
    }

    /// The same, and not empty.
    static String needed(int most, String text) {
        if (text.isBlank()) {
            throw Refusal.of("text-malformed", "必要な項目が空です", "Something that is needed is empty");
        }
        return upTo(most, text);
    }
}
