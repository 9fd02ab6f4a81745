package org.mizuhiki.account;

import java.security.SecureRandom;
import java.util.stream.Collectors;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.Account.State;
import org.mizuhiki.keys.Account.WrappedKey;
import org.mizuhiki.store.Keyrings.Kept;
import org.mizuhiki.store.Keyrings.Next;

/// What both servers have of an account at one moment, opened and held against each other.
///
/// @param number of the keyring
/// @param digest of the closed keyring
record Opened(MasterKey master, State state, Vault vault, long number, Digest digest) {
    /// @throws Refusal `account-damaged`, `account-rolled-back`, `account-rekeyed`
    static Opened read(AccountServers servers, MasterKey master, State state, Seen seen, SecureRandom die) {
        if (state.number() < seen.account()) {
            throw No.rolledBack();
        }
        // 1. the head fits the master key, and this change of the account
        var head = Head.open(master, state.number(), state.head());
        // 2. the keyring; a change of the master key that was cut off is finished here
        var kept = fetched(servers, master, state, head, die);
        // 3. it is not older than what the head says, and what this device saw before
        boolean older = kept.number() < Math.max(head.keyring(), seen.keyring());
        boolean other = kept.number() == head.keyring()
                && head.before().isEmpty()
                && !kept.content().sha256().equals(head.digest());
        if (older || other) {
            throw No.rolledBack();
        }
        var vault = Vault.open(master, kept.number(), kept.content());
        return new Opened(master, state, vault, kept.number(), kept.content().sha256());
    }

    private static Kept fetched(AccountServers servers, MasterKey master, State state, Head head, SecureRandom die) {
        try {
            return servers.keyrings().fetch(master.person(), master.storeToken());
        } catch (Refusal unknown) {
            if (!unknown.code().equals("keyring-unknown")) {
                throw unknown;
            }
            var before = head.before().orElseThrow(No::rekeyed);
            return finished(servers, master, before, state, head, die);
        }
    }

    /// The slots are those of the new key already; the keyring still lies under the one before.
    private static Kept finished(
            AccountServers servers, MasterKey master, MasterKey before, State state, Head head, SecureRandom die) {
        var kept = servers.keyrings().fetch(master.person(), before.storeToken());
        if (kept.number() < head.keyring()) {
            throw No.rolledBack();
        }
        var standing = state.slots().stream().map(WrappedKey::name).collect(Collectors.toSet());
        var old = Vault.open(before, kept.number(), kept.content());
        var left = old.ways().stream().filter(w -> standing.contains(w.name())).toList();
        var next = next(master, old.withOnly(left), kept.number() + 1, die);
        servers.keyrings().keep(master.person(), before.storeToken(), next);
        return new Kept(next.number(), next.content());
    }

    static Next next(MasterKey master, Vault vault, long number, SecureRandom die) {
        var access = Digest.of(master.storeToken().toArray());
        return new Next(number, vault.close(master, number, die), access);
    }
}
