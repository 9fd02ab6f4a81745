package org.mizuhiki.account;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.account.ClosedSlot.Way;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.Account.State;
import org.mizuhiki.keys.Account.WrappedKey;
import org.mizuhiki.keys.Passwords.Begun;
import org.mizuhiki.oprf.OpaqueClient;
import org.mizuhiki.seal.Seals;

/// The ways to an account: made on a device that has the person's keys, opened on any device.
///
/// @param client stretches and blinds passwords on this device
public record Accounts(AccountServers servers, OpaqueClient client, Seals seals, Clock clock) {
    private static final int SHORTEST = 10;

    /// Makes the account of a person whose certificate the servers see. Cut off anywhere, it is
    /// repeated: there is no account before the last step, and after it the password opens it.
    ///
    /// @param keyring the device's own form
    /// @param anew in the place of one whose ways were all lost: it can never be opened again
    /// @throws Refusal `account-exists`, `password-short`
    public PersonAccount create(PersonId person, Secret password, Secret keyring, boolean anew) {
        mustBeLong(password);
        var state = servers.account().state(servers.account().open(person).token());
        if (state.number() > 0 && !anew) {
            throw No.exists();
        }
        var passwords = servers.passwords().apply(Optional.empty());
        try (var registration = client.register(password)) {
            // 1. a master key, and the way to it by the password that is about to count
            var begun = passwords.begin(person, registration.request());
            var registered = registered(registration, begun, person, Optional.empty());
            var master = MasterKey.fresh(person, state.number() + 1, seals.die());
            var way = passwordWay(person, registered.exportKey());
            // 2. the keyring, closed under it
            var vault = new Vault(List.of(way), keyring);
            long number = lastNumber(person) + 1;
            var next = Opened.next(master, vault, number, seals.die());
            servers.keyrings().keepOwn(person, next);
            // 3. the password counts; all sessions end
            passwords.set(person, begun.registration(), registered.upload());
            // 4. the slot; from here on the account opens
            var head = new Head(number, next.content().sha256(), Optional.empty());
            long change = state.number() + 1;
            var slots = List.of(wrapped(ClosedSlot.close(master, way, seals), way, Optional.empty(), List.of()));
            var made = new State(change, head.close(master, change, seals.die()), slots);
            servers.account().replaceOwn(person, master.access(), made);
            var opened = new Opened(master, made, vault, number, next.content().sha256());
            return new PersonAccount(this, session(person, password).token(), opened);
        }
    }

    /// The store is asked by this device, after the key server has answered, for a share that does not
    /// exist before; the device adds both. So the key that the password is bound to contains the store's
    /// share, whatever the key server answered (docs/flows/password.md).
    ///
    /// @param token of the master key, for who has no certificate
    OpaqueClient.Registered registered(
            OpaqueClient.Registration registration, Begun begun, PersonId person, Optional<Bytes> token) {
        var others = servers.shares().apply(token).begin(person, begun.registration(), registration.request());
        return registration.finish(begun.response(), others);
    }

    private long lastNumber(PersonId person) {
        try {
            return servers.keyrings().fetchOwn(person).number();
        } catch (Refusal none) {
            if (none.code().equals("keyring-unknown")) {
                return 0;
            }
            throw none;
        }
    }

    /// On any device.
    ///
    /// @param seen what this device remembers
    /// @throws Refusal `login-failed`, `login-rate-exceeded`, `account-missing`, `account-damaged`,
    /// `account-rolled-back`
    public PersonAccount logIn(PersonId person, Secret password, Seen seen) {
        try (var session = session(person, password)) {
            return opened(person, session.token(), session.way(), seen);
        }
    }

    /// By another way than the password: forgotten passwords are set anew from here
    /// ([PersonAccount#setPassword]).
    ///
    /// @throws Refusal `way-in-unknown`, `account-damaged`, `account-rolled-back`
    public PersonAccount enter(PersonId person, WayIn way, Seen seen) {
        var token = servers.account().enter(person, way.release(person)).token();
        return opened(person, token, way, seen);
    }

    /// On a device that has the master key and the person's certificate.
    ///
    /// @throws Refusal `account-rekeyed` when it was changed elsewhere
    public PersonAccount resume(MasterKey master, Seen seen) {
        var token = servers.account().open(master.person()).token();
        var state = servers.account().state(token);
        try {
            return new PersonAccount(this, token, Opened.read(servers, master, state, seen, seals.die()));
        } catch (Refusal refusal) {
            throw refusal.code().equals("account-damaged") ? No.rekeyed() : refusal;
        }
    }

    /// @param key made on the asking device, kept until the recovery is open
    public org.mizuhiki.keys.Recoveries.Begun askGuardians(PersonId person, org.mizuhiki.seal.Opener.XWing key) {
        return servers.recoveries().begin(person, key.publicKey(), "");
    }

    /// @param identity by which guardians' certificates are checked on this device
    /// @throws Refusal `recovery-waiting`, `recovery-over`, `recovery-unknown`, `recovery-shares-wrong`
    public PersonAccount recover(
            PersonId person,
            Digest recovery,
            Bytes secret,
            org.mizuhiki.seal.Opener.XWing key,
            Guardians.Identity identity,
            Seen seen) {
        var standing = servers.recoveries().standing(recovery, secret);
        var shares = Guardians.shares(person, recovery, standing.shares(), key, identity, seals);
        if (shares.size() < Guardians.NEEDED) {
            throw No.sharesTooFew();
        }
        for (var way : Guardians.candidates(shares)) {
            try (way) {
                return enter(person, way, seen);
            } catch (Refusal refusal) {
                if (!refusal.code().equals("way-in-unknown")) {
                    throw refusal;
                }
            }
        }
        throw No.sharesWrong();
    }

    /// A session by password, and the way that it gives.
    record LoggedIn(Bytes token, WayIn.Password way) implements AutoCloseable {
        @Override
        public void close() {
            way.close();
        }
    }

    LoggedIn session(PersonId person, Secret password) {
        var passwords = servers.passwords().apply(Optional.empty());
        try (var login = client.login(password)) {
            var answered = passwords.answer(person, login.request());
            var in = login.finish(answered.ke2());
            in.sessionKey().close();
            return new LoggedIn(
                    passwords.prove(answered.login(), in.ke3()).token(), new WayIn.Password(in.exportKey()));
        }
    }

    private PersonAccount opened(PersonId person, Bytes token, WayIn way, Seen seen) {
        var state = servers.account().state(token);
        if (state.number() == 0) {
            throw No.missing();
        }
        var master = state.slots().stream()
                .flatMap(slot -> master(person, slot, way).stream())
                .findFirst()
                .orElseThrow(No::damaged);
        return new PersonAccount(this, token, Opened.read(servers, master, state, seen, seals.die()));
    }

    /// Of this slot, if it is this way's.
    private Optional<MasterKey> master(PersonId person, WrappedKey wrapped, WayIn way) {
        var slot = ClosedSlot.decode(wrapped.wrapped());
        if (slot.kind() != way.kind() || !slot.name().equals(wrapped.name())) {
            return Optional.empty();
        }
        try (var key = way.key(person, slot.name(), wrapped.share(), seals)) {
            return slot.isFor(key) ? Optional.of(slot.open(person, key, seals)) : Optional.empty();
        }
    }

    Way passwordWay(PersonId person, Secret exportKey) {
        try (var way = new WayIn.Password(exportKey)) {
            return way(person, way, name(SlotKind.PASSWORD), Optional.empty(), Canonical.of(java.util.Map.of()));
        }
    }

    Way way(PersonId person, WayIn way, String name, Optional<Bytes> share, Canonical notes) {
        var key = way.key(person, name, share, seals);
        key.opener().seed().close();
        var release = way.releaseDigest(person).map(Digest::hex).orElse("");
        var at = clock.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        return new Way(way.kind(), name, key.opener().publicKey(), key.binder(), release, at.toString(), notes);
    }

    /// Such as `recovery-code-3f9a01c2`: a name is used once.
    String name(SlotKind kind) {
        return kind.word() + "-" + "%08x".formatted(seals.die().nextInt());
    }

    static WrappedKey wrapped(
            ClosedSlot slot, Way way, Optional<Bytes> share, List<org.mizuhiki.keys.Account.Guardian> guardians) {
        return new WrappedKey(slot.name(), slot.encode(), way.releaseDigest(), share, guardians);
    }

    static void mustBeLong(Secret password) {
        if (password.size() < SHORTEST) {
            throw Refusal.of(
                    "password-short", "パスワードが短すぎます（10バイト以上）", "The password is too short; use at least 10 bytes");
        }
    }
}
