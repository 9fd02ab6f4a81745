package org.mizuhiki.keys;

import java.time.Clock;
import java.util.List;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// Sessions' doings in the key server's database. Tokens are kept as digests only: who reads the table has
/// no session.
public record PostgresAccount(Database database, Clock clock) implements Account {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+){0,7}");
    private static final int LONGEST_NAME = 40;

    private <T> T within(Bytes token, BiFunction<AccountRows, PersonId, T> work) {
        return database.inTransaction(tx -> {
            var rows = new AccountRows(tx);
            var person = rows.owner(Digest.of(token.toArray()), clock.instant()).orElseThrow(No::sessionOver);
            return work.apply(rows, person);
        });
    }

    @Override
    public PersonId owner(Bytes token) {
        return within(token, (_, person) -> person);
    }

    @Override
    public List<WrappedKey> slots(Bytes token) {
        return within(token, AccountRows::slots);
    }

    @Override
    public void put(Bytes token, WrappedKey slot) {
        if (slot.name().length() > LONGEST_NAME || !NAME.matcher(slot.name()).matches()) {
            throw No.slotNameMalformed();
        }
        if (slot.wrapped().size() < 1 || slot.wrapped().size() > MAX_WRAPPED) {
            throw No.slotTooLarge();
        }
        within(token, (rows, person) -> {
            rows.put(person, slot, clock.instant());
            if (rows.slots(person).size() > MAX_SLOTS) {
                throw No.slotsTooMany();
            }
            return true;
        });
    }

    @Override
    public void drop(Bytes token, String name) {
        within(token, (rows, person) -> rows.drop(person, name));
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
