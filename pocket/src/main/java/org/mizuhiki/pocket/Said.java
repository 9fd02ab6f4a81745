package org.mizuhiki.pocket;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.consent.Statute;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// What was said, each statement checked on this device.
///
/// @param all those that hold, each once: a server that tells one twice must not make two grants or
///     openings of it
/// @param broken those that do not: they permit nothing, and may hide that something ended
record Said(List<Attested<?>> all, List<Heard.Broken> broken) {
    Said {
        var once = new LinkedHashMap<Digest, Attested<?>>();
        all.forEach(a -> once.putIfAbsent(a.statement().id(), a));
        all = List.copyOf(once.values());
        broken = List.copyOf(broken);
    }

    /// Statements of which every one was found to hold.
    Said(List<Attested<?>> all) {
        this(all, List.of());
    }

    /// Everything that names this person.
    static Said of(Desk desk) {
        var heard = new ArrayList<Heard>();
        desk.eachInvolving(filed -> heard.add(desk.hear(filed)));
        return of(heard);
    }

    /// What decides whether a care relation stands between this person and `patient`.
    static Said between(Desk desk, PersonId patient) {
        return of(desk.region().keys().relation(desk.me(), patient).stream()
                .map(desk::hear)
                .toList());
    }

    private static Said of(List<Heard> heard) {
        var said = new ArrayList<Attested<?>>();
        var broken = new ArrayList<Heard.Broken>();
        for (var one : heard) {
            switch (one) {
                case Heard.Held held -> said.add(held.statement());
                case Heard.Broken b -> broken.add(b);
            }
        }
        return new Said(said, broken);
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

    /// Asked before anything is taken for standing: a garbled revocation must not look like none.
    ///
    /// @param standing statements that were not ended by any that holds
    /// @throws Refusal `statements-broken` when one that does not hold may have ended one of them
    void mustBeSure(Collection<Digest> standing) {
        broken.stream()
                .filter(b -> standing.stream().anyMatch(b::mayEnd))
                .findFirst()
                .ifPresent(Said::refuse);
    }

    /// As [#mustBeSure], of everything that cannot even be read: it may be what is looked for.
    void mustBeReadable() {
        broken.stream().filter(b -> b.record().isEmpty()).findFirst().ifPresent(Said::refuse);
    }

    private static void refuse(Heard.Broken broken) {
        throw Refusal.of(
                "statements-broken",
                "鍵サーバの申告書（番号 " + broken.number() + "）を確かめられません（" + broken.why().code()
                        + "）。取り消しかもしれないので、有効とはみなしません。運用者に連絡してください",
                "The key server's statement " + broken.number() + " does not hold ("
                        + broken.why().code()
                        + "); it may be a revocation, so nothing is taken for standing. Tell the operator",
                broken.why());
    }

    private Stream<? extends Statement> named(Digest id) {
        return all.stream().map(Attested::statement).filter(s -> s.id().equals(id));
    }
}
