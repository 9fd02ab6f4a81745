package org.mizuhiki.records;

import java.util.Locale;

/// One thing a check found, for the person who wrote or reads the letter. Messages may quote the letter, so
/// findings stay on that person's device: they never go into a log, a metric or a
/// [org.mizuhiki.house.Refusal].
///
/// @param code stable, lower case, hyphenated: programs read it
/// @param path where, as a FHIRPath-like location, or empty for the whole file
/// @param japanese what is wrong
/// @param remedyJapanese what to do about it
public record Finding(
        Severity severity,
        String code,
        String path,
        String japanese,
        String english,
        String remedyJapanese,
        String remedyEnglish) {
    /// Longest text of a finding, in characters: a hostile file must not fill the screen.
    public static final int MAX_TEXT = 600;

    /// What a finding means for the letter.
    public enum Severity {
        /// the letter is not accepted
        ERROR,
        /// the letter is accepted, the reader should know
        WARNING
    }

    public Finding {
        path = Texts.shortened(path, 300);
        japanese = Texts.shortened(japanese, MAX_TEXT);
        english = Texts.shortened(english, MAX_TEXT);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /// One line for a terminal: Japanese first.
    public String line() {
        var place = path.isEmpty() ? "" : " [" + path + "]";
        return "%s %s%s %s / %s → %s / %s"
                .formatted(
                        severity.name().toLowerCase(Locale.ROOT),
                        code,
                        place,
                        japanese,
                        english,
                        remedyJapanese,
                        remedyEnglish);
    }
}
