package org.mizuhiki.keys;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.Passwords.Session;

/// Accounts in the key server's database. Tokens are kept as digests only: who reads the table has no
/// session.
public record PostgresAccount(Database database, Clock clock, SecureRandom die) implements Account {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+){0,7}");
    private static final int LONGEST_NAME = 40;
    private static final int MOST_GUARDIANS = 16;
    static final Duration SESSION = Duration.ofHours(12);

    private <T> T within(Bytes token, BiFunction<AccountRows, PersonId, T> work) {
        return database.inTransaction(tx -> {
            var rows = new AccountRows(tx);
            var person = rows.owner(Digest.of(token.toArray()), clock.instant()).orElseThrow(No::sessionOver);
            return work.apply(rows, person);
        });
    }

    @Override
    public Session open(PersonId authenticated) {
        return database.inTransaction(tx -> opened(new AccountRows(tx), authenticated));
    }

    @Override
    public Session enter(PersonId person, Bytes release) {
        return database.inTransaction(tx -> {
            var rows = new AccountRows(tx);
            if (rows.released(person, Digest.of(release.toArray())).isEmpty()) {
                throw No.wayInUnknown();
            }
            rows.tell(person, "entered-without-password", 1, clock.instant());
            return opened(rows, person);
        });
    }

    private Session opened(AccountRows rows, PersonId person) {
        var token = new byte[Digest.of().toArray().length];
        die.nextBytes(token);
        var until = clock.instant().plus(SESSION);
        rows.open(person, Digest.of(token), until);
        return new Session(Bytes.of(token), until);
    }

    @Override
    public PersonId holder(Passwords.Shown shown) {
        return within(shown.token(), (rows, person) -> {
            mustOpen(rows, person, shown.key());
            return person;
        });
    }

    private static void mustOpen(AccountRows rows, PersonId person, Bytes key) {
        boolean right = rows.access(person)
                .map(access -> MessageDigest.isEqual(
                        access.toArray(), Digest.of(key.toArray()).toArray()))
                .orElse(true);
        if (!right) {
            throw No.accountKeyWrong();
        }
    }

    @Override
    public State state(Bytes token) {
        return within(token, AccountRows::state);
    }

    @Override
    public void replace(Passwords.Shown shown, Digest access, State next) {
        check(next);
        within(shown.token(), (rows, person) -> {
            var before = rows.state(person);
            if (isSaid(rows, person, access, before, next)) {
                return true; // the key may be the next one's by now
            }
            mustOpen(rows, person, shown.key());
            replaced(rows, person, access, before, next);
            if (!names(next).containsAll(names(before))) {
                // what was opened by a way that is no more must not go on
                rows.endOthers(person, Digest.of(shown.token().toArray()));
            }
            return true;
        });
    }

    @Override
    public void replaceOwn(PersonId authenticated, Digest access, State next) {
        check(next);
        database.inTransaction(tx -> {
            var rows = new AccountRows(tx);
            var before = rows.state(authenticated);
            if (!isSaid(rows, authenticated, access, before, next)) {
                replaced(rows, authenticated, access, before, next);
                rows.endAll(authenticated);
            }
            return true;
        });
    }

    private static boolean isSaid(AccountRows rows, PersonId person, Digest access, State before, State next) {
        return sorted(before).equals(sorted(next))
                && rows.access(person).filter(access::equals).isPresent();
    }

    private void replaced(AccountRows rows, PersonId person, Digest access, State before, State next) {
        if (!rows.advance(person, next.number(), next.head(), access)) {
            throw No.accountChanged();
        }
        rows.replace(person, next.slots(), clock.instant());
        if (!names(before).equals(names(next))) {
            rows.tell(person, "ways-changed", 1, clock.instant());
        }
    }

    private static java.util.Set<String> names(State state) {
        return state.slots().stream().map(WrappedKey::name).collect(Collectors.toSet());
    }

    private static State sorted(State state) {
        var slots = state.slots().stream()
                .sorted(java.util.Comparator.comparing(WrappedKey::name))
                .toList();
        return new State(state.number(), state.head(), slots);
    }

    private static void check(State next) {
        if (next.slots().size() > MAX_SLOTS) {
            throw No.slotsTooMany();
        }
        if (names(next).size() != next.slots().size()) {
            throw No.slotNameMalformed();
        }
        next.slots().forEach(PostgresAccount::check);
        if (next.head().size() < 1 || next.head().size() > MAX_HEAD || next.number() < 1) {
            throw No.slotTooLarge();
        }
    }

    private static void check(WrappedKey slot) {
        if (slot.name().length() > LONGEST_NAME || !NAME.matcher(slot.name()).matches()) {
            throw No.slotNameMalformed();
        }
        boolean fits = isIn(slot.wrapped(), MAX_WRAPPED)
                && slot.guardians().size() <= MOST_GUARDIANS
                && slot.guardians().stream().allMatch(g -> isIn(g.share(), KeyServer.MAX_SLOT))
                && slot.share().stream().allMatch(s -> s.size() == SHARE);
        if (!fits) {
            throw No.slotTooLarge();
        }
    }

    private static boolean isIn(Bytes bytes, int most) {
        return bytes.size() >= 1 && bytes.size() <= most;
    }

    @Override
    public List<Notice> notices(Bytes token) {
        return within(token, AccountRows::notices);
    }

    @Override
    public void end(Bytes token) {
        within(token, (rows, _) -> rows.end(Digest.of(token.toArray())));
    }
}
