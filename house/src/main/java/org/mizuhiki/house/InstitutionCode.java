package org.mizuhiki.house;

import java.util.regex.Pattern;

/// The ten digits that name a medical institution in Japan: prefecture (2), kind (1), institution (7), for
/// example `1311234567`.
public record InstitutionCode(String value) implements Comparable<InstitutionCode> {
    private static final Pattern FORM = Pattern.compile("(0[1-9]|[1-3][0-9]|4[0-7])[0-9]{8}");

    /// @throws Refusal `institution-code-malformed` when it is not ten digits that start with a
    /// prefecture's number, 01 to 47
    public InstitutionCode {
        if (!FORM.matcher(value).matches()) {
            throw Refusal.of(
                    "institution-code-malformed",
                    "医療機関コードは都道府県番号(01〜47)で始まる10桁の数字です",
                    "An institution code is ten digits that start with a prefecture's number, 01 to 47");
        }
    }

    /// Whether a text has the form of one.
    public static boolean isOne(String text) {
        return FORM.matcher(text).matches();
    }

    @Override
    public int compareTo(InstitutionCode other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
