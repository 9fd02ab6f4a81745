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
import org.mizuhiki.store.RemoteKeyrings;
import org.mizuhiki.wire.Peer;

/// The doors of both servers. Neither is believed: what they keep is closed and bound to its place.
///
/// @param passwords for who has a session's token, or none
public record AccountServers(
        Function<Optional<Bytes>, Passwords> passwords, Account account, Recoveries recoveries, Keyrings keyrings) {

    /// @param keys, store with the person's certificate if there is one
    public static AccountServers over(Peer keys, Peer store) {
        return new AccountServers(
                token -> new RemotePasswords(keys, token),
                new RemoteAccount(keys),
                new RemoteRecoveries(keys),
                new RemoteKeyrings(store));
    }
}
