package org.mizuhiki.pocket;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.store.Store;

/// Delegation: a person lets a family member or an information bank read, by grants of the person's own:
/// each for one letter, until a time, revocable, never to be passed on. The servers learn no key: this device
/// closes each letter's key for the delegate's. Every opening is in the person's trail.
public final class Delegations {
    /// Purpose of grants that stand for themselves.
    static final String SOME = "delegate-some";

    /// Purpose of grants that letters to come get likewise, by [#follow].
    static final String ALL = "delegate-all";

    private static final int PAGE = 200;

    private final Desk desk;
    private final Grants grants;
    private final Post post;
    private final People people;

    Delegations(Desk desk, Grants grants, Post post, People people) {
        this.desk = desk;
        this.grants = grants;
        this.post = post;
        this.people = people;
    }

    /// What a delegate is to read.
    public sealed interface Scope {
        /// All there is, and what comes until the delegation ends.
        record Everything() implements Scope {}

        /// These letters.
        record Letters(List<Digest> letters) implements Scope {
            public Letters {
                letters = List.copyOf(letters);
            }
        }

        /// What is here now of one author, or of a time, or both.
        ///
        /// @param author who wrote the letters
        /// @param since when they came at the earliest
        /// @param until when they came, before this
        record Some(Optional<PersonId> author, Optional<Instant> since, Optional<Instant> until) implements Scope {}
    }

    /// A delegate and what is open to him now.
    ///
    /// @param everything whether letters to come are opened too
    /// @param until the end of what lasts longest
    public record Delegation(PersonId delegate, boolean everything, Instant until, List<LateralGrant> grants) {
        public Delegation {
            grants = List.copyOf(grants);
        }
    }

    /// Opens letters to a delegate. The same again opens what is missing; of a letter that is open as long
    /// nothing is said twice.
    ///
    /// @param life at most 90 days: who goes on trusting says so again
    /// @return the new grants
    /// @throws Refusal `delegate-oneself`, `nothing-to-delegate`, `not-the-owner`, `key-substituted` and the like
    /// from the directory's check
    public List<Digest> add(PersonId delegate, Scope scope, Duration life) {
        if (delegate.equals(desk.me())) {
            throw Refusal.of("delegate-oneself", "自分自身を代理人にはできません", "Nobody is their own delegate");
        }
        // 1. the delegate's keys, as the directory lists them and the ledger proves them
        var key = people.find(delegate).reader();
        // 2. the letters; those that the store calls this person's are looked at once more when each is granted
        var letters = within(scope);
        if (letters.isEmpty()) {
            throw Refusal.of(
                    "nothing-to-delegate", "その範囲に、自分の文書がありません", "There is no letter of yours within that scope");
        }
        // 3. one grant for each
        var purpose = scope instanceof Scope.Everything ? ALL : SOME;
        return open(delegate, key, letters, desk.now().plus(life), purpose);
    }

    /// Opens letters that came since to delegates who may read everything, until the same end as before.
    ///
    /// @return the new grants
    public List<Digest> follow() {
        var given = new ArrayList<Digest>();
        for (var delegation : list()) {
            if (delegation.everything()) {
                var end = delegation.grants().stream()
                        .filter(g -> g.purpose().equals(ALL))
                        .map(LateralGrant::until)
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
                var key = people.find(delegation.delegate()).reader();
                given.addAll(open(delegation.delegate(), key, within(new Scope.Everything()), end, ALL));
            }
        }
        return given;
    }

    private List<Digest> open(
            PersonId delegate, Reader.XWing key, List<Digest> letters, Instant until, String purpose) {
        var standing = mine(g -> g.reader().equals(delegate)
                && !g.until().isBefore(until)
                && (purpose.equals(SOME) || g.purpose().equals(ALL)));
        var open = standing.stream().map(LateralGrant::letter).toList();
        return letters.stream()
                .filter(letter -> !open.contains(letter))
                .map(letter -> grants.delegate(letter, delegate, key, until, purpose))
                .toList();
    }

    /// Ends all that is open to a delegate; what was read was read.
    ///
    /// @return how many grants ended
    /// @throws Refusal `delegate-unknown`
    public int remove(PersonId delegate) {
        var standing = mine(g -> g.reader().equals(delegate));
        if (standing.isEmpty()) {
            throw Refusal.of("delegate-unknown", "この人に委任している文書はありません", "Nothing is delegated to this person");
        }
        standing.forEach(grant -> grants.revoke(grant.id(), "delegation-ended"));
        return standing.size();
    }

    /// Who reads in this person's name now.
    public List<Delegation> list() {
        var by = new LinkedHashMap<PersonId, List<LateralGrant>>();
        mine(_ -> true)
                .forEach(grant -> by.computeIfAbsent(grant.reader(), _ -> new ArrayList<>())
                        .add(grant));
        return by.entrySet().stream()
                .map(Delegations::delegation)
                .sorted(Comparator.comparing(d -> d.delegate().value()))
                .toList();
    }

    private static Delegation delegation(Map.Entry<PersonId, List<LateralGrant>> one) {
        var all = one.getValue();
        return new Delegation(
                one.getKey(),
                all.stream().anyMatch(g -> g.purpose().equals(ALL)),
                all.stream()
                        .map(LateralGrant::until)
                        .max(Comparator.naturalOrder())
                        .orElseThrow(),
                all);
    }

    private List<LateralGrant> mine(Predicate<LateralGrant> which) {
        return grants.list().stream()
                .filter(g -> g.state() == Grants.State.STANDING)
                .map(Grants.Grant::statement)
                .filter(g -> g.by().equals(desk.me()) && g.owner().equals(desk.me()))
                .filter(which)
                .toList();
    }

    private List<Digest> within(Scope scope) {
        return switch (scope) {
            case Scope.Letters(var letters) -> letters;
            case Scope.Everything() -> own(_ -> true);
            case Scope.Some(var author, var since, var until) ->
                own(notice -> author.map(notice.from()::equals).orElse(true)
                        && since.map(s -> !notice.at().isBefore(s)).orElse(true)
                        && until.map(u -> notice.at().isBefore(u)).orElse(true));
        };
    }

    private List<Digest> own(Predicate<Store.Notice> which) {
        var all = new ArrayList<Digest>();
        long before = Long.MAX_VALUE;
        while (true) {
            var page = post.inbox(PAGE, before);
            page.stream()
                    .filter(notice -> notice.owner().equals(desk.me()) && which.test(notice))
                    .map(Store.Notice::letter)
                    .filter(letter -> !all.contains(letter))
                    .forEach(all::add);
            if (page.size() < PAGE) {
                return all;
            }
            before = page.getLast().number();
        }
    }
}
