package org.mizuhiki.records;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects findings, bounded: a hostile letter must not produce more text than a person reads.
final class FindingList {
    static final int MOST = 200;

    private final List<Finding> findings = new ArrayList<>();

    /// @param texts Japanese, English, remedy in Japanese, remedy in English
    void error(String code, String path, String... texts) {
        add(new Finding(Finding.Severity.ERROR, code, path, texts[0], texts[1], texts[2], texts[3]));
    }

    /// @param texts Japanese, English, remedy in Japanese, remedy in English
    void warning(String code, String path, String... texts) {
        add(new Finding(Finding.Severity.WARNING, code, path, texts[0], texts[1], texts[2], texts[3]));
    }

    void add(Finding finding) {
        // an error is kept in place of a warning, so that no number of warnings hides a rejection
        if (findings.size() < MOST) {
            findings.add(finding);
        } else if (finding.isError() && !hasErrors()) {
            findings.set(MOST - 1, finding);
        }
    }

    boolean hasErrors() {
        return findings.stream().anyMatch(Finding::isError);
    }

    /// Errors first, otherwise in the order found.
    List<Finding> sorted() {
        return findings.stream().sorted(Comparator.comparing(Finding::severity)).toList();
    }
}
