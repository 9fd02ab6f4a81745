package org.mizuhiki.records;

import org.mizuhiki.house.Bytes;

/// A form that letters are held to: [DocumentRules] needs nothing but the letter, [ProfileValidator] the
/// national profiles. Implementations never fetch anything that a letter names and never write to a log.
public interface LetterForm {
    /// Largest letter document, in bytes.
    int MAX_BYTES = 20 << 20;

    /// Never throws over a bad letter, however hostile: it answers `Rejected`.
    LetterCheck check(Bytes json);
}
