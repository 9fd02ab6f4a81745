package org.mizuhiki.account;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.mizuhiki.account.ClosedSlot.Way;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.Account.Guardian;
import org.mizuhiki.keys.Account.Notice;
import org.mizuhiki.keys.Account.State;
import org.mizuhiki.keys.Account.WrappedKey;
import org.mizuhiki.keys.Passwords;
import org.mizuhiki.keys.Recoveries;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.store.OwnShares;

/// An account that was opened on this device: its keyring, and the ways to it. What another device changed
/// meanwhile is read again and kept: nothing that another device put is lost. For one thread.
public final class PersonAccount implements AutoCloseable {
    private static final int MOST_TRIES = 5;

    private final Accounts with;
    private Bytes token;
    private Opened now;

    PersonAccount(Accounts with, Bytes token, Opened now) {
        this.with = with;
        this.token = token;
        this.now = now;
    }

    /// A way in, as a list shows it.
    ///
    /// @param at when it was added
    /// @param notes what a device needs to use it; not secret
    public record Entry(SlotKind kind, String name, String at, Canonical notes) {}

    public PersonId person() {
        return now.master().person();
    }

    /// For this device to keep, closed.
    public MasterKey master() {
        return now.master();
    }

    /// For this device to remember.
    public Seen seen() {
        return new Seen(now.state().number(), now.number());
    }

    /// Uses the keyring, in the form that the device gave it.
    public <T> T keyring(Function<Secret, T> use) {
        return use.apply(now.vault().keyring());
    }

    public List<Entry> ways() {
        return now.vault().ways().stream()
                .map(w -> new Entry(w.kind(), w.name(), w.at(), w.notes()))
                .toList();
    }

    /// What happened at the ID, newest first.
    public List<Notice> notices() {
        return with.servers().account().notices(token);
    }

    /// How often the ID was locked at the store, which counts by itself, newest first.
    public List<OwnShares.Guessed> guessed() {
        return with.servers()
                .shares()
                .apply(Optional.of(now.master().storeToken()))
                .notices(person());
    }

    /// Recoveries by guardians that are under way.
    public List<Recoveries.Begun> recoveries() {
        return with.servers().recoveries().under(token);
    }

    /// Ends them all.
    public int veto() {
        return with.servers().recoveries().veto(token);
    }

    /// Puts another keyring in the place of the newest.
    ///
    /// @param change is given the newest, which another device may have put, and joins its own with it
    /// @throws Refusal `keyring-changed` when others are faster again and again
    public void replaceKeyring(UnaryOperator<Secret> change) {
        changeVault(vault -> new Vault(vault.ways(), change.apply(vault.keyring())));
        replaceSlots(slots -> slots);
    }

    /// The code is shown once; only its holder can show it again.
    public WayIn.Code addRecoveryCode() {
        return addRecoveryCode(_ -> {});
    }

    /// @param print is given the code before it opens anything; when it throws, there is no such way in
    public WayIn.Code addRecoveryCode(Consumer<WayIn.Code> print) {
        var code = RecoveryCode.fresh(with.seals().die());
        print.accept(code);
        add(code, with.name(SlotKind.RECOVERY_CODE), Optional.empty(), List.of(), Canonical.of(java.util.Map.of()));
        return code;
    }

    public void addPasskey(Passkey passkey) {
        var notes = passkey.notes(person());
        add(passkey.way(), with.name(SlotKind.PASSKEY), Optional.empty(), List.of(), notes);
    }

    public void addCard(CardSignature card) {
        var share = Optional.of(CardSignature.share(with.seals().die()));
        add(card.way(), with.name(SlotKind.CARD), share, List.of(), card.notes());
    }

    /// @param keys of three people, checked against the directory
    /// @throws Refusal `guardians-three`
    public void addGuardians(SortedMap<PersonId, Reader.XWing> keys) {
        var name = with.name(SlotKind.GUARDIANS);
        var made = Guardians.split(person(), name, keys, with.seals());
        var who = String.join(" ", keys.keySet().stream().map(PersonId::value).toList());
        try (var way = made.way()) {
            add(way, name, Optional.empty(), made.guardians(), Canonical.of(java.util.Map.of("guardians", who)));
        }
    }

    /// First into the register, which only the person's devices write; then the slot. Cut off between, the
    /// register names a way that does not open yet.
    private void add(WayIn in, String name, Optional<Bytes> share, List<Guardian> guardians, Canonical notes) {
        var way = with.way(person(), in, name, share, notes);
        changeVault(vault -> vault.with(way));
        replaceSlots(slots -> {
            var more = new ArrayList<>(slots);
            more.add(Accounts.wrapped(ClosedSlot.close(now.master(), way, with.seals()), way, share, guardians));
            return more;
        });
    }

    /// The password is set anew; only its slot changes. Cut off anywhere, the account opens by the password
    /// before or by this one.
    ///
    /// @throws Refusal `password-short`
    public void setPassword(Secret password) {
        Accounts.mustBeLong(password);
        var former = now.vault().ways().stream()
                .filter(w -> w.kind() == SlotKind.PASSWORD)
                .map(Way::name)
                .toList();
        try (var registration = with.client().register(password)) {
            // 1. the slot of the new one stands beside that of the old
            var begun = passwords().begin(person(), registration.request());
            var registered = with.registered(
                    registration, begun, person(), Optional.of(now.master().storeToken()));
            try (var way = new WayIn.Password(registered.exportKey())) {
                add(way, with.name(SlotKind.PASSWORD), Optional.empty(), List.of(), Canonical.of(java.util.Map.of()));
            }
            // 2. the new one counts; sessions end, and nobody can derive the old one's key any more
            passwords().set(person(), begun.registration(), registered.upload());
        }
        try (var session = with.session(person(), password)) {
            token = session.token();
        }
        // 3. the old slot goes
        changeVault(vault -> vault.withOnly(
                vault.ways().stream().filter(w -> !former.contains(w.name())).toList()));
        replaceSlots(
                slots -> slots.stream().filter(s -> !former.contains(s.name())).toList());
    }

    /// Asked anew each time: another device may have changed the master key meanwhile.
    private Passwords passwords() {
        return with.servers().passwords().apply(Optional.of(shown(now.master())));
    }

    private Passwords.Shown shown(MasterKey master) {
        return new Passwords.Shown(token, master.keysToken());
    }

    /// Removes a way in, and changes the master key: who has the removed way's secret, and old copies of
    /// all slots, opens nothing that is written from now on. Cut off, the next device that opens the
    /// account finishes it ([Opened#read]).
    ///
    /// @throws Refusal `way-unknown`, `way-last`
    public void remove(String name) {
        for (int i = 0; i < MOST_TRIES; i++) {
            var ways = now.vault().ways();
            var gone = ways.stream().filter(w -> w.name().equals(name)).findFirst();
            if (gone.orElseThrow(No::noSuchWay).kind() == SlotKind.PASSWORD || ways.size() == 1) {
                throw No.lastWay();
            }
            try {
                rotate(ways.stream().filter(w -> !w.name().equals(name)).toList());
                return;
            } catch (Refusal refusal) {
                again(refusal, i);
            }
        }
    }

    private void rotate(List<Way> left) {
        long change = now.state().number() + 1;
        var before = now.master();
        var next = MasterKey.fresh(person(), change, with.seals().die());
        // 1. all slots at once, for the keys in the register; the key before, closed under the new one
        var known = new HashMap<String, WrappedKey>();
        now.state().slots().forEach(s -> known.put(s.name(), s));
        var slots = left.stream()
                .map(way -> {
                    var was = Optional.ofNullable(known.get(way.name()));
                    return Accounts.wrapped(
                            ClosedSlot.close(next, way, with.seals()),
                            way,
                            was.flatMap(WrappedKey::share),
                            was.map(WrappedKey::guardians).orElse(List.of()));
                })
                .toList();
        var bridge = new Head(now.number(), now.digest(), Optional.of(before));
        var state = new State(change, bridge.close(next, change, with.seals().die()), slots);
        with.servers().account().replace(shown(before), next.access(), state);
        // 2. the keyring under the new key; 3. the key before is forgotten
        now = Opened.read(with.servers(), next, state, seen(), with.seals().die());
        replaceSlots(same -> same);
    }

    private void changeVault(UnaryOperator<Vault> change) {
        for (int i = 0; i < MOST_TRIES; i++) {
            var vault = change.apply(now.vault());
            long number = now.number() + 1;
            var next = Opened.next(now.master(), vault, number, with.seals().die());
            try {
                with.servers().keyrings().keep(person(), now.master().storeToken(), next);
                now = new Opened(
                        now.master(), now.state(), vault, number, next.content().sha256());
                return;
            } catch (Refusal refusal) {
                again(refusal, i);
            }
        }
    }

    private void replaceSlots(UnaryOperator<List<WrappedKey>> change) {
        for (int i = 0; i < MOST_TRIES; i++) {
            long number = now.state().number() + 1;
            var head = new Head(now.number(), now.digest(), Optional.empty());
            var next = new State(
                    number,
                    head.close(now.master(), number, with.seals().die()),
                    change.apply(now.state().slots()));
            try {
                with.servers()
                        .account()
                        .replace(shown(now.master()), now.master().access(), next);
                now = new Opened(now.master(), next, now.vault(), now.number(), now.digest());
                return;
            } catch (Refusal refusal) {
                again(refusal, i);
            }
        }
    }

    /// Another device was first: its change is read, and ours tried again on top of it.
    private void again(Refusal refusal, int tries) {
        boolean others = refusal.code().equals("account-changed")
                || refusal.code().equals("keyring-changed")
                || refusal.code().equals("keyring-unknown");
        if (!others || tries == MOST_TRIES - 1) {
            throw refusal;
        }
        var state = with.servers().account().state(token);
        try {
            now = Opened.read(
                    with.servers(), now.master(), state, seen(), with.seals().die());
        } catch (Refusal damaged) {
            throw damaged.code().equals("account-damaged") ? No.rekeyed() : damaged;
        }
    }

    /// Ends the session and wipes the keys.
    @Override
    public void close() {
        try {
            with.servers().account().end(token);
        } catch (Refusal over) {
            // it ends by itself
        } finally {
            now.master().close();
            now.vault().keyring().close();
        }
    }
}
