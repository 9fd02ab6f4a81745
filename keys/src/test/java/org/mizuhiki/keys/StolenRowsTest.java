package org.mizuhiki.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.oprf.Identities;
import org.mizuhiki.oprf.KeyShare;
import org.mizuhiki.oprf.OpaqueServer;
import org.mizuhiki.oprf.RegistrationRecord;

/// Who stole all rows of one server tries a dictionary that contains the right password, and finds nothing;
/// who stole both finds it, which is the honest limit.
@Tag("V4")
class StolenRowsTest {
    private static final String RIGHT = "さくら2026";
    private static final List<String> DICTIONARY = List.of("password", "123456", RIGHT, "qwerty");

    private final PersonId person = PersonId.random(TwoServers.DIE);

    @TempDir
    Path folder;

    private static byte[] bytes(Database rows, String query, PersonId person) {
        return rows.inTransaction(tx -> tx.createQuery(query)
                .bind("person", person.value())
                .mapTo(byte[].class)
                .one());
    }

    /// Plays both sides of a log-in for each guess, with what was stolen.
    private static Optional<String> found(
            RegistrationRecord record, byte[] serverKey, UnaryOperator<Bytes> evaluating) {
        var server = new OpaqueServer(Secret.taking(serverKey.clone()), Identities.STOCK, TwoServers.DIE);
        return DICTIONARY.stream()
                .filter(guess -> {
                    try (var login = TwoServers.CLIENT.login(TwoServers.password(guess))) {
                        var evaluated = evaluating.apply(OpaqueServer.blinded(login.request()));
                        login.finish(server.answer(record, login.request(), evaluated)
                                        .ke2())
                                .close();
                        return true;
                    } catch (Refusal wrong) {
                        return false;
                    }
                })
                .findFirst();
    }

    @Test
    void oneServersRowsTestNoGuessAndBothServersRowsDo() {
        try (var both = new TwoServers(folder)) {
            both.set(person, RIGHT);
            var of = " where person = :person";
            var record =
                    new RegistrationRecord(Bytes.of(bytes(both.keysRows, "select record from password" + of, person)));
            var serverKey = bytes(
                    both.keysRows,
                    "select value from password_secret where name = 'opaque-key' and :person <> ''",
                    person);
            var ofKeys = KeyShare.of(Secret.taking(bytes(both.keysRows, "select share from password" + of, person)));
            var ofStore =
                    KeyShare.of(Secret.taking(bytes(both.storeRows, "select share from password_share" + of, person)));

            assertEquals(Optional.empty(), found(record, serverKey, ofKeys::evaluate));
            // the store has neither record nor key; even with them its share alone would find nothing
            assertEquals(Optional.empty(), found(record, serverKey, ofStore::evaluate));
            assertEquals(
                    Optional.of(RIGHT),
                    found(record, serverKey, b -> KeyShare.sum(ofKeys.evaluate(b), ofStore.evaluate(b))));

            // what was stolen from one server before a refresh does not fit to what is stolen from the other after
            both.passwords.refresh(person);
            var after = KeyShare.of(Secret.taking(
                    bytes(both.storeRows, "select share from password_share" + of + " and state = 'kept'", person)));
            assertEquals(
                    Optional.empty(),
                    found(record, serverKey, b -> KeyShare.sum(ofKeys.evaluate(b), after.evaluate(b))));
        }
    }
}
