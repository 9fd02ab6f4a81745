package org.mizuhiki.house;

import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// The ID of a person, patient or professional: `P-` and three groups of four Crockford base32 characters,
/// the last one a check character, for example `P-7KQ2-M3XW-9D4C`. Random, so it says nothing about the
/// person and cannot be guessed in sequence.
public record PersonId(String value) implements Comparable<PersonId> {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final Pattern FORM =
            Pattern.compile("P-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}");

    /// @throws Refusal `person-id-malformed` on a wrong form or check character (one wrong or two swapped
    /// characters are noticed)
    public PersonId {
        if (!FORM.matcher(value).matches() || check(value) != value.charAt(value.length() - 1)) {
            throw Refusal.of(
                    "person-id-malformed",
                    "個人IDの形式または検査文字が正しくありません。例: P-7KQ2-M3XW-9D4C の形で入力し直してください",
                    "The person ID is malformed or mistyped; compare it with the card, its form is P-XXXX-XXXX-XXXX");
        }
    }

    public static PersonId random(RandomGenerator die) {
        var text = new StringBuilder("P-");
        for (int i = 0; i < 12; i++) {
            text.append(i == 4 || i == 8 ? "-" : "").append(ALPHABET.charAt(die.nextInt(32)));
        }
        text.setCharAt(text.length() - 1, check(text));
        return new PersonId(text.toString());
    }

    /// Weights are odd, hence invertible modulo 32: every single wrong character changes the check
    /// character.
    private static char check(CharSequence id) {
        int sum = 0;
        int weight = 1;
        for (int i = 2; i < id.length() - 1; i++) {
            int digit = ALPHABET.indexOf(id.charAt(i));
            if (digit >= 0) {
                sum += weight * digit;
                weight += 2;
            }
        }
        return ALPHABET.charAt(sum % 32);
    }

    @Override
    public int compareTo(PersonId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
