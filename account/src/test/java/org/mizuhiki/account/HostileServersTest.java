package org.mizuhiki.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.Account;
import org.mizuhiki.keys.Account.State;
import org.mizuhiki.keys.Account.WrappedKey;
import org.mizuhiki.store.Keyrings;

/// Servers that answer with what they should not: old, of others, bent, made up.
@Tag("V4")
class HostileServersTest {
    @TempDir
    private static Path folder;

    private static BothServers both;

    private final PersonId person = PersonId.random(BothServers.DIE);

    @BeforeAll
    static void start() throws Exception {
        both = new BothServers(folder);
    }

    @AfterAll
    static void stop() {
        both.close();
    }

    private static String refusal(Executable work) {
        return assertThrows(Refusal.class, work).code();
    }

    private Accounts answering(State state) {
        var real = both.servers();
        return both.over(new AccountServers(
                real.passwords(), new Lying(real.account(), state), real.recoveries(), real.keyrings(), real.shares()));
    }

    private Accounts answering(Keyrings.Kept kept) {
        var real = both.servers();
        return both.over(new AccountServers(
                real.passwords(),
                real.account(),
                real.recoveries(),
                new OldKeyrings(real.keyrings(), kept),
                real.shares()));
    }

    private String logIn(Accounts accounts, Seen seen) {
        both.clock.forward(java.time.Duration.ofHours(2));
        try (var in = accounts.logIn(person, BothServers.secret("correct horse"), seen)) {
            return BothServers.text(in);
        }
    }

    @Test
    void serversThatGoBackInTimeAreNoticed() {
        State oldState;
        Keyrings.Kept oldKeyring;
        Seen seen;
        try (var account = both.made(person, "correct horse", "first")) {
            var session = both.servers().account().open(person).token();
            oldState = both.servers().account().state(session);
            oldKeyring = both.servers().keyrings().fetchOwn(person);
            account.replaceKeyring(_ -> BothServers.secret("second"));
            seen = account.seen();
        }
        // the store alone, on a device that never saw the account
        assertEquals("account-rolled-back", refusal(() -> logIn(answering(oldKeyring), Seen.NOTHING)));
        // the key server alone gains nothing: the keyring is the newest
        assertEquals("second", logIn(answering(oldState), Seen.NOTHING));
        assertEquals("account-rolled-back", refusal(() -> logIn(answering(oldState), seen)));
    }

    @Test
    void slotsOfOthersOfOtherKindsAndNamesAndEveryBentBitAreRefused() {
        State mine;
        try (var account = both.made(person, "correct horse", "mine")) {
            account.addRecoveryCode();
            mine = both.servers()
                    .account()
                    .state(both.servers().account().open(person).token());
        }
        var other = PersonId.random(BothServers.DIE);
        both.made(other, "correct horse", "theirs").close();
        var theirs = both.servers()
                .account()
                .state(both.servers().account().open(other).token());
        assertEquals("account-damaged", refusal(() -> logIn(answering(theirs), Seen.NOTHING)));
        // the code's slot under the password's name, and the password's in the other's state
        var named = mine.slots().stream().map(WrappedKey::name).toList();
        var swapped = List.of(
                new WrappedKey(named.get(0), mine.slots().get(1).wrapped()),
                new WrappedKey(named.get(1), mine.slots().get(0).wrapped()));
        assertEquals(
                "account-damaged",
                refusal(() -> logIn(answering(new State(mine.number(), mine.head(), swapped)), Seen.NOTHING)));
        assertEquals(
                "account-damaged",
                refusal(() -> logIn(answering(new State(mine.number() + 1, mine.head(), mine.slots())), Seen.NOTHING)));
        bent(mine.head())
                .forEach(head -> assertEquals(
                        "account-damaged",
                        refusal(() -> logIn(answering(new State(mine.number(), head, mine.slots())), Seen.NOTHING))));
    }

    private static List<Bytes> bent(Bytes whole) {
        return java.util.stream.IntStream.range(0, 8 * whole.size())
                .filter(bit -> bit % 37 == 0)
                .mapToObj(bit -> {
                    var bytes = whole.toArray();
                    bytes[bit / 8] ^= (byte) (1 << bit % 8);
                    return Bytes.of(bytes);
                })
                .toList();
    }

    /// A key server that answers with a state of its choosing.
    private record Lying(Account real, State state) implements Account {
        @Override
        public org.mizuhiki.keys.Passwords.Session open(PersonId authenticated) {
            return real.open(authenticated);
        }

        @Override
        public org.mizuhiki.keys.Passwords.Session enter(PersonId person, Bytes release) {
            return real.enter(person, release);
        }

        @Override
        public PersonId holder(org.mizuhiki.keys.Passwords.Shown shown) {
            return real.holder(shown);
        }

        @Override
        public State state(Bytes token) {
            return state;
        }

        @Override
        public void replace(org.mizuhiki.keys.Passwords.Shown shown, Digest access, State next) {
            real.replace(shown, access, next);
        }

        @Override
        public void replaceOwn(PersonId authenticated, Digest access, State next) {
            real.replaceOwn(authenticated, access, next);
        }

        @Override
        public List<Notice> notices(Bytes token) {
            return real.notices(token);
        }

        @Override
        public void end(Bytes token) {
            real.end(token);
        }
    }

    /// A store that answers with an older keyring.
    private record OldKeyrings(Keyrings real, Kept old) implements Keyrings {
        @Override
        public Kept fetch(PersonId person, Bytes token) {
            return old;
        }

        @Override
        public void keep(PersonId person, Bytes token, Next next) {
            real.keep(person, token, next);
        }

        @Override
        public Kept fetchOwn(PersonId person) {
            return real.fetchOwn(person);
        }

        @Override
        public void keepOwn(PersonId person, Next next) {
            real.keepOwn(person, next);
        }
    }

    @Test
    void whoLearnsThePublicHalfOfASlotMakesNoAccountThatOpens() {
        both.made(person, "correct horse", "mine").close();
        var real = both.servers()
                .account()
                .state(both.servers().account().open(person).token());
        var slot = ClosedSlot.decode(real.slots().getFirst().wrapped());
        // a server with both databases: its own master key, for the person's public key, with a guessed binder
        try (var forged = MasterKey.fresh(person, real.number(), BothServers.DIE)) {
            var way = new ClosedSlot.Way(
                    slot.kind(),
                    slot.name(),
                    slot.publicKey(),
                    org.mizuhiki.house.Secret.taking(new byte[32]),
                    "",
                    "2026-11-23T09:00:00Z",
                    slot.notes());
            var wrapped = new WrappedKey(
                    slot.name(),
                    ClosedSlot.close(forged, way, BothServers.SEALS).encode(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of());
            var head = new Head(1, Bytes.utf8("x").sha256(), Optional.empty())
                    .close(forged, real.number(), BothServers.DIE);
            var state = new State(real.number(), head, List.of(wrapped));
            assertEquals("account-damaged", refusal(() -> logIn(answering(state), Seen.NOTHING)));
        }
    }
}
