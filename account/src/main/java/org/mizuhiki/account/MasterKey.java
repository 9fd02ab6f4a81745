package org.mizuhiki.account;

import java.security.SecureRandom;
import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// The account's master key (AMK): 256 random bits, made on a device, never seen by a server.
///
/// @param epoch the number of the account's change that brought it; later ones are larger
public record MasterKey(PersonId person, long epoch, Secret key) implements AutoCloseable {
    static final int BYTES = 32;

    public MasterKey {
        if (key.size() != BYTES || epoch < 1) {
            throw No.damaged();
        }
    }

    static MasterKey fresh(PersonId person, long epoch, SecureRandom die) {
        var key = new byte[BYTES];
        die.nextBytes(key);
        return new MasterKey(person, epoch, Secret.taking(key));
    }

    /// What the store gives the keyring for; the store keeps its digest.
    Bytes storeToken() {
        try (var token = derive("store-token")) {
            return token.lend(Bytes::of);
        }
    }

    /// What the key server lets the ways in be changed for; it keeps its digest. Another than the
    /// store's: who sees one is not to use it at the other.
    Bytes keysToken() {
        try (var token = derive("keys-token")) {
            return token.lend(Bytes::of);
        }
    }

    /// Of [#keysToken].
    Digest access() {
        return Digest.of(keysToken().toArray());
    }

    Bytes close(String purpose, Canonical context, Secret content, SecureRandom die) {
        try (var own = derive(purpose)) {
            return Closed.close(own, bound(purpose, context), content, die);
        }
    }

    /// @throws Refusal `account-damaged`
    Secret open(String purpose, Canonical context, Bytes closed) {
        try (var own = derive(purpose)) {
            return Closed.open(own, bound(purpose, context), closed);
        }
    }

    private Canonical bound(String purpose, Canonical context) {
        return context.with("purpose", purpose).with("person", person.value()).with("epoch", Long.toString(epoch));
    }

    private Secret derive(String purpose) {
        return Derivation.derive(key, purpose, Map.of("person", person.value(), "epoch", Long.toString(epoch)));
    }

    @Override
    public void close() {
        key.close();
    }
}
