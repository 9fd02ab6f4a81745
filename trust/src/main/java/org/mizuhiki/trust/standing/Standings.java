package org.mizuhiki.trust.standing;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.mizuhiki.trust.path.Fault;
import org.mizuhiki.trust.path.NoPath;

/// Asks of every certificate of a path whether it stands: the responder first, then the lists.
public final class Standings {
    private final Lists lists;
    private final Ocsp ocsp;

    /// When the oldest answer was made, and whether any was past its time.
    public record Basis(Instant asOf, boolean stale) {}

    public Standings(Currency currency, Clock clock) {
        this.lists = new Lists(currency, clock, this::check);
        this.ocsp = new Ocsp(currency, clock);
    }

    /// From the anchor down: a revoked CA is named before anything it signed.
    ///
    /// @throws NoPath `REVOKED`, `STATUS_UNKNOWN`, `STATUS_STALE`, `TOO_MUCH_WORK`
    public Basis check(Asking asking) throws NoPath {
        var basis = new Basis(Instant.MAX, false);
        for (int place = asking.found().path().size() - 1; place >= 0; place--) {
            basis = joined(basis, said(place, asking), place);
        }
        return basis;
    }

    private Said said(int place, Asking asking) throws NoPath {
        var first = ocsp.of(place, asking);
        if (first instanceof Said.Revoked || (first instanceof Said.Good(var asOf, var stale) && !stale)) {
            return first;
        }
        var second = lists.of(place, asking);
        boolean betterFirst =
                first instanceof Said.Good && !(second instanceof Said.Good || second instanceof Said.Revoked);
        return betterFirst || (second instanceof Said.Unknown && first instanceof Said.Old) ? first : second;
    }

    private static Basis joined(Basis basis, Said said, int place) throws NoPath {
        return switch (said) {
            case Said.Good(var asOf, var stale) ->
                new Basis(asOf.isBefore(basis.asOf()) ? asOf : basis.asOf(), stale || basis.stale());
            case Said.Revoked(var at, var reason) ->
                throw new NoPath(Fault.REVOKED, place, Integer.toString(reason), Optional.of(at));
            case Said.Unknown() -> throw NoPath.at(place, Fault.STATUS_UNKNOWN, "");
            case Said.Old() -> throw NoPath.at(place, Fault.STATUS_STALE, "");
        };
    }
}
