package org.mizuhiki.records;

import java.util.List;

/// Whether another institution can read the letter.
public sealed interface LetterCheck {
    /// All findings, errors first.
    List<Finding> findings();

    /// The letter has the form.
    record Accepted(LetterSummary summary, List<Finding> warnings) implements LetterCheck {
        public Accepted {
            warnings = List.copyOf(warnings);
        }

        @Override
        public List<Finding> findings() {
            return warnings;
        }
    }

    /// The letter has not the form; at least one finding is an error.
    record Rejected(List<Finding> findings) implements LetterCheck {
        public Rejected {
            findings = List.copyOf(findings);
            if (findings.stream().noneMatch(Finding::isError)) {
                throw new IllegalArgumentException("a rejection names at least one error");
            }
        }
    }
}
