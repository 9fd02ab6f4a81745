package org.mizuhiki.apps.demo.thief;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.oprf.Identities;
import org.mizuhiki.oprf.KeyShare;
import org.mizuhiki.oprf.OpaqueClient;
import org.mizuhiki.oprf.OpaqueServer;
import org.mizuhiki.oprf.RegistrationRecord;

/// Guesses one person's password by playing both sides of a log-in with what was stolen, without limits and
/// without anybody noticing. A guess is confirmed when OPAQUE's envelope opens.
public final class Guessing {
    private final PersonId person;
    private final List<String> dictionary;
    private final SecureRandom die;

    /// @param dictionary tried in this order
    public Guessing(PersonId person, List<String> dictionary, SecureRandom die) {
        this.person = person;
        this.dictionary = List.copyOf(dictionary);
        this.die = die;
    }

    /// What the key server's rows give.
    ///
    /// @param record OPAQUE's, by which alone a guess can be confirmed
    /// @param serverKey of OPAQUE's server
    /// @param share its half of the person's key
    /// @param seeds of which it makes shares for IDs that nobody has
    public record OfKeys(Bytes record, Bytes serverKey, Bytes share, List<Bytes> seeds) {
        public OfKeys {
            seeds = List.copyOf(seeds);
        }
    }

    /// What the store's rows give.
    ///
    /// @param shares its halves of the person's key, of every epoch that it has
    /// @param seeds as the key server's, its own
    public record OfStore(List<Bytes> shares, List<Bytes> seeds) {
        public OfStore {
            shares = List.copyOf(shares);
            seeds = List.copyOf(seeds);
        }
    }

    /// @param attempts guesses times keys that were tried
    public record Tried(int attempts, Optional<String> found) {}

    /// @param backup the key server's
    public OfKeys ofKeys(Path backup) throws IOException {
        var password = Rows.of(backup, "password").with(0, person.value());
        var secrets = Rows.of(backup, "password_secret");
        var key = secrets.with(0, "opaque-key");
        return new OfKeys(
                password.bytes(3).getFirst(),
                key.bytes(1).getFirst(),
                password.bytes(2).getFirst(),
                secrets.bytes(1).stream()
                        .filter(s -> s.size() >= KeyShare.SEED_BYTES)
                        .toList());
    }

    /// @param backup the store's
    public OfStore ofStore(Path backup) throws IOException {
        return new OfStore(
                Rows.of(backup, "password_share").with(0, person.value()).bytes(2),
                Rows.of(backup, "password_seed").bytes(1));
    }

    /// Everything of the key server's that could be the whole key: its share, and what its seeds give for
    /// this ID.
    public Tried keysAlone(OfKeys stolen) {
        return tried(stolen, shares(List.of(stolen.share()), stolen.seeds()));
    }

    /// The store has nothing by which a guess could be confirmed. So it is given the key server's record and
    /// OPAQUE's key as well, everything but the other share: still nothing.
    public Tried storeAlone(OfStore stolen, OfKeys present) {
        return tried(present, shares(stolen.shares(), stolen.seeds()));
    }

    /// Both halves: the honest limit.
    public Tried both(OfKeys ofKeys, OfStore ofStore) {
        var mine = share(ofKeys.share());
        var wholes = new ArrayList<UnaryOperator<Bytes>>();
        for (var theirs : ofStore.shares()) {
            var other = share(theirs);
            wholes.add(blinded -> KeyShare.sum(mine.evaluate(blinded), other.evaluate(blinded)));
        }
        return tried(ofKeys, wholes);
    }

    private List<UnaryOperator<Bytes>> shares(List<Bytes> shares, List<Bytes> seeds) {
        var all = new ArrayList<UnaryOperator<Bytes>>();
        shares.forEach(s -> all.add(share(s)::evaluate));
        seeds.forEach(s -> all.add(KeyShare.ofId(Secret.taking(s.toArray()), Bytes.utf8(person.value()))::evaluate));
        return all;
    }

    private static KeyShare share(Bytes stolen) {
        return KeyShare.of(Secret.taking(stolen.toArray()));
    }

    private Tried tried(OfKeys with, List<UnaryOperator<Bytes>> keys) {
        int attempts = 0;
        for (var key : keys) {
            for (var guess : dictionary) {
                attempts++;
                if (opens(guess, with, key)) {
                    return new Tried(attempts, Optional.of(guess));
                }
            }
        }
        return new Tried(attempts, Optional.empty());
    }

    private boolean opens(String guess, OfKeys with, UnaryOperator<Bytes> key) {
        try (var server = new OpaqueServer(Secret.taking(with.serverKey().toArray()), Identities.STOCK, die);
                var password = Secret.taking(Bytes.utf8(guess).toArray());
                var login = OpaqueClient.stock(die).login(password)) {
            var evaluated = key.apply(OpaqueServer.blinded(login.request()));
            var answer = server.answer(new RegistrationRecord(with.record()), login.request(), evaluated);
            login.finish(answer.ke2()).close();
            return true;
        } catch (Refusal wrong) {
            if (wrong.code().equals("login-failed")) {
                return false;
            }
            throw wrong; // a thief whose tools are broken proves nothing
        }
    }
}
