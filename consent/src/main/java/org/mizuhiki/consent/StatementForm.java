package org.mizuhiki.consent;

import org.mizuhiki.house.Canonical;

/// The canonical record of each statement, and back.
final class StatementForm {
    private StatementForm() {}

    static Canonical of(Statement statement) {
        return Canonical.of(java.util.Map.of("by", statement.by().value()));
    }
}
