package org.mizuhiki.pocket;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.consent.Statute;
import org.mizuhiki.house.Digest;

/// What was said, each statement checked on this device; those that do not hold are left out and permit
/// nothing.
record Said(List<Attested<?>> all) {
    Said {
        all = List.copyOf(all);
    }

    /// Everything that names this person.
    static Said of(Desk desk) {
        return until(desk, _ -> false);
    }

    /// Newest first, until `enough`. Whatever ends a statement was filed after it, so what was read is
    /// never taken for
    /// standing by mistake.
    static Said until(Desk desk, Predicate<Said> enough) {
        var said = new ArrayList<Attested<?>>();
        desk.eachInvolving(page -> {
            page.forEach(filed -> desk.tryCheck(filed.signed()).ifPresent(said::add));
            return enough.test(new Said(said));
        });
        return new Said(said);
    }

    @SuppressWarnings("unchecked") // the statement's class was just asked for
    <S extends Statement> List<Attested<S>> of(Class<S> kind) {
        return all.stream()
                .filter(a -> kind.isInstance(a.statement()))
                .map(a -> (Attested<S>) a)
                .toList();
    }

    /// IDs of statements that somebody entitled has ended.
    Set<Digest> ended() {
        var ended = new HashSet<Digest>();
        for (var revocation : of(Revocation.class)) {
            named(revocation.statement().ends())
                    .filter(s -> Statute.mayEnd(revocation.statement().by(), s))
                    .forEach(s -> ended.add(s.id()));
        }
        return ended;
    }

    private Stream<? extends Statement> named(Digest id) {
        return all.stream().map(Attested::statement).filter(s -> s.id().equals(id));
    }
}
