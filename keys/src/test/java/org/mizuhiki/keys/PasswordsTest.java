package org.mizuhiki.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.Account.Notice;
import org.mizuhiki.oprf.Guesses;
import org.mizuhiki.oprf.OpaqueServer;

@Tag("V4")
class PasswordsTest {
    private static final Guesses.Limit LIMIT = Guesses.Limit.OF_PROVEN;

    @TempDir
    private static Path folder;

    private static TwoServers both;

    private final PersonId person = PersonId.random(TwoServers.DIE);

    @BeforeAll
    static void open() {
        both = new TwoServers(folder);
    }

    @AfterAll
    static void close() {
        both.close();
    }

    private static String refusal(Executable work) {
        return assertThrows(Refusal.class, work).code();
    }

    private static Bytes bytes(Secret secret) {
        return secret.lend(Bytes::of);
    }

    @Test
    void thePasswordOpensASessionAndGivesTheSameKeyEachTime() {
        var key = both.set(person, "right");
        var first = both.logIn(person, "right");
        var second = both.logIn(person, "right");
        assertEquals(bytes(key), bytes(first.exportKey()));
        assertEquals(bytes(key), bytes(second.exportKey()));
        assertNotEquals(first.token(), second.token());
        assertEquals(person, both.owner(first.token()));
    }

    @Test
    void aWrongPasswordAndAnUnknownIdAreTheSameNo() {
        both.set(person, "right");
        assertEquals("login-failed", refusal(() -> both.logIn(person, "wrong")));
        assertEquals("login-failed", refusal(() -> both.logIn(PersonId.random(TwoServers.DIE), "right")));
    }

    @Test
    void anUnknownIdIsAnsweredAsAKnownOneIs() {
        both.set(person, "right");
        var nobody = PersonId.random(TwoServers.DIE);
        for (var id : List.of(person, nobody)) {
            try (var login = TwoServers.CLIENT.login(TwoServers.password("guess"))) {
                var one = both.passwords.answer(id, login.request()).ke2();
                var other = both.passwords.answer(id, login.request()).ke2();
                assertEquals(OpaqueServer.KE2, one.size());
                // the evaluated password, 32 bytes, is the same each time, all else is fresh
                assertEquals(half(one, 0, 32), half(other, 0, 32));
                assertNotEquals(half(one, 32, 64), half(other, 32, 64));
            }
        }
    }

    private static Bytes half(Bytes message, int from, int to) {
        return Bytes.of(java.util.Arrays.copyOfRange(message.toArray(), from, to));
    }

    @Test
    void aProofIsGoodOnceAndForAMinute() {
        both.set(person, "right");
        for (var late : List.of(false, true)) {
            try (var login = TwoServers.CLIENT.login(TwoServers.password("right"))) {
                var answered = both.passwords.answer(person, login.request());
                var in = login.finish(answered.ke2());
                if (late) {
                    both.clock.forward(Duration.ofMinutes(2));
                } else {
                    both.passwords.prove(answered.login(), in.ke3());
                }
                assertEquals("login-failed", refusal(() -> both.passwords.prove(answered.login(), in.ke3())));
            }
        }
        assertEquals(
                "login-failed", refusal(() -> both.passwords.prove(Digest.of(), Bytes.of(new byte[OpaqueServer.KE3]))));
    }

    @Test
    void anotherPasswordEndsTheOldOneAndItsSessions() {
        var before = both.set(person, "old");
        var session = both.logIn(person, "old");
        var after = both.set(person, "new");
        assertNotEquals(bytes(before), bytes(after));
        assertEquals("session-over", refusal(() -> both.owner(session.token())));
        assertEquals("login-failed", refusal(() -> both.logIn(person, "old")));
        assertEquals(bytes(after), bytes(both.logIn(person, "new").exportKey()));
    }

    @Test
    void settingTwiceIsSettingOnceAndALaterBeginningCounts() {
        try (var registration = TwoServers.CLIENT.register(TwoServers.password("right"))) {
            var begun = both.passwords.begin(person, registration.request());
            var others = both.shares.begin(person, begun.registration(), registration.request());
            assertEquals(others, both.shares.begin(person, begun.registration(), registration.request()));
            var upload = registration.finish(begun.response(), others).upload();
            both.passwords.set(person, begun.registration(), upload);
            both.passwords.set(person, begun.registration(), upload);
            var token = both.logIn(person, "right").token();
            both.passwords.set(person, begun.registration(), upload);
            assertEquals(person, both.owner(token));
            var again = both.passwords.begin(person, registration.request());
            both.passwords.begin(person, registration.request());
            assertEquals("registration-over", refusal(() -> both.passwords.set(person, again.registration(), upload)));
            both.clock.forward(Duration.ofMinutes(1));
            assertEquals(token.size(), both.logIn(person, "right").token().size());
        }
    }

    @Test
    void knownAndUnknownIdsWaitAlikeAfterGuessesAndThePersonIsTold() {
        both.set(person, "right");
        var nobody = PersonId.random(TwoServers.DIE);
        for (var id : List.of(person, nobody)) {
            for (int i = 0; i < LIMIT.free(); i++) {
                assertEquals("login-failed", refusal(() -> both.logIn(id, "wrong")));
            }
            assertEquals("login-rate-exceeded", refusal(() -> both.logIn(id, "right")));
        }
        both.clock.forward(Duration.ofSeconds(1));
        var token = both.logIn(person, "right").token();
        var told = both.account.notices(token);
        assertEquals("guessed", told.getFirst().kind());
        assertEquals(LIMIT.free(), told.getFirst().times());
        assertEquals("password-set", told.getLast().kind());
        // and the count begins anew
        assertEquals("login-failed", refusal(() -> both.logIn(person, "wrong")));
        assertEquals(
                2, both.account.notices(both.logIn(person, "right").token()).size());
    }

    @Test
    void refreshingChangesBothSharesAndNobodyNotices() {
        var key = both.set(person, "right");
        var before = stolen("password", both.keysRows);
        var beforeThere = stolen("password_share", both.storeRows);
        try (var login = TwoServers.CLIENT.login(TwoServers.password("right"))) {
            // one that began before ends after
            var answered = both.passwords.answer(person, login.request());
            assertTrue(both.passwords.refresh(person));
            both.passwords.prove(answered.login(), login.finish(answered.ke2()).ke3());
        }
        assertNotEquals(before, stolen("password", both.keysRows));
        both.clock.forward(Duration.ofMinutes(3));
        both.shares.sweep();
        assertNotEquals(beforeThere, stolen("password_share", both.storeRows));
        assertEquals(bytes(key), bytes(both.logIn(person, "right").exportKey()));
        assertFalse(both.passwords.refresh(PersonId.random(TwoServers.DIE)));
    }

    @Test
    void oldSharesAreRefreshedByTheChore() {
        both.set(person, "right");
        both.clock.forward(Duration.ofDays(40));
        assertTrue(both.passwords.refresh(Duration.ofDays(30)) > 0);
        assertEquals(0, both.passwords.refresh(Duration.ofDays(30)));
        assertEquals(person, both.owner(both.logIn(person, "right").token()));
    }

    private String stolen(String table, org.mizuhiki.database.Database rows) {
        return rows.inTransaction(
                tx -> tx.createQuery("select string_agg(encode(share, 'hex'), ',' order by epoch) from " + table
                                + " where person = :person")
                        .bind("person", person.value())
                        .mapTo(String.class)
                        .one());
    }

    /// Whatever call to the store breaks, before or after it was done there: the person gets in with the
    /// old password, or with the new one once that was acknowledged, and it stays so when the store is
    /// back.
    @Test
    void noBrokenCallLocksAnybodyOut() {
        for (int call = 1; call <= 2; call++) {
            for (var afterwards : List.of(false, true)) {
                var id = PersonId.random(TwoServers.DIE);
                both.set(id, "old");
                both.leaving.failAt(call, afterwards);
                var counts = tried(() -> both.set(id, "new")) ? "new" : "old";
                both.leaving.comeBack();
                both.aWeekLater();
                both.logIn(id, counts);
                both.passwords.settle();
                both.shares.sweep();
                both.logIn(id, counts);
                both.set(id, "newest");
                both.logIn(id, "newest");
            }
        }
    }

    @Test
    void noBrokenCallOfARefreshLocksAnybodyOut() {
        for (int call = 1; call <= 2; call++) {
            for (var afterwards : List.of(false, true)) {
                var id = PersonId.random(TwoServers.DIE);
                both.set(id, "right");
                both.leaving.failAt(call, afterwards);
                assertEquals(call > 1, tried(() -> both.passwords.refresh(id)));
                both.leaving.comeBack();
                both.logIn(id, "right");
                both.passwords.settle();
                both.clock.forward(Duration.ofMinutes(3));
                both.shares.sweep();
                both.logIn(id, "right");
                assertTrue(both.passwords.refresh(id));
                both.logIn(id, "right");
            }
        }
    }

    private static boolean tried(Runnable work) {
        try {
            work.run();
            return true;
        } catch (Refusal away) {
            assertEquals("peer-unreachable", away.code());
            return false;
        }
    }

    /// Two devices of one person at once, in every order that matters, and a refresh in between.
    @Test
    void whatOneDeviceBeginsTakesNothingFromTheOthersPassword() {
        both.set(person, "old");
        try (var one = TwoServers.CLIENT.register(TwoServers.password("of one"));
                var other = TwoServers.CLIENT.register(TwoServers.password("of the other"))) {
            var first = both.passwords.begin(person, one.request());
            var second = both.passwords.begin(person, other.request());
            var counts = both.shares.begin(person, second.registration(), other.request());
            both.shares.begin(person, first.registration(), one.request());
            assertTrue(both.passwords.refresh(person));
            both.passwords.set(
                    person,
                    second.registration(),
                    other.finish(second.response(), counts).upload());
        }
        both.clock.forward(Duration.ofMinutes(3));
        both.shares.sweep();
        assertEquals(person, both.owner(both.logIn(person, "of the other").token()));
    }

    @Test
    void whoNeverAskedTheStoreHasAPasswordThatOpensNothingAndHoldsUpNobody() {
        try (var registration = TwoServers.CLIENT.register(TwoServers.password("half"))) {
            var begun = both.passwords.begin(person, registration.request());
            both.passwords.set(
                    person,
                    begun.registration(),
                    registration.finish(begun.response()).upload());
        }
        assertEquals("login-failed", refusal(() -> both.logIn(person, "half")));
        both.passwords.settle();
        both.set(person, "whole");
        assertEquals(person, both.owner(both.logIn(person, "whole").token()));
    }

    @Test
    void aSessionEndsWhenToldAndByItself() {
        both.set(person, "right");
        var ended = both.logIn(person, "right").token();
        both.account.end(ended);
        assertEquals("session-over", refusal(() -> both.account.state(ended)));
        var old = both.logIn(person, "right").token();
        both.clock.forward(Duration.ofHours(13));
        assertEquals("session-over", refusal(() -> both.account.notices(old)));
        assertEquals("session-over", refusal(() -> both.owner(Bytes.of(new byte[32]))));
        assertEquals(
                List.of("password-set"),
                both.account.notices(both.logIn(person, "right").token()).stream()
                        .map(Notice::kind)
                        .toList());
    }
}
