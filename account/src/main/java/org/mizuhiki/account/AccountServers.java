package org.mizuhiki.account;

import java.util.Optional;
import java.util.function.Function;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.keys.Account;
import org.mizuhiki.keys.Passwords;
import org.mizuhiki.keys.Recoveries;
import org.mizuhiki.keys.RemoteAccount;
import org.mizuhiki.keys.RemotePasswords;
import org.mizuhiki.keys.RemoteRecoveries;
import org.mizuhiki.store.Keyrings;
import org.mizuhiki.store.OwnShares;
import org.mizuhiki.store.RemoteKeyrings;
import org.mizuhiki.store.RemoteOwnShares;
import org.mizuhiki.wire.Peer;

/// The doors of both servers. Neither is believed: what they keep is closed and bound to its place.
///
/// @param passwords for who shows a session and the account's key, or a certificate
/// @param shares the store's half of passwords, for who shows the master key's token, or a certificate
public record AccountServers(
        Function<Optional<Passwords.Shown>, Passwords> passwords,
        Account account,
        Recoveries recoveries,
        Keyrings keyrings,
        Function<Optional<Bytes>, OwnShares> shares) {

    /// @param keys, store with the person's certificate if there is one
    public static AccountServers over(Peer keys, Peer store) {
        return new AccountServers(
                shown -> new RemotePasswords(keys, shown),
                new RemoteAccount(keys),
                new RemoteRecoveries(keys),
                new RemoteKeyrings(store),
                token -> new RemoteOwnShares(store, token));
    }
}
