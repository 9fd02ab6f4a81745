package org.mizuhiki.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// A person's account over the insides of both servers, with everything that may break between them.
@Tag("V4")
class AccountsTest {
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

    private String enteredBy(WayIn way) {
        try (var in = both.accounts.enter(person, way, Seen.NOTHING)) {
            return BothServers.text(in);
        }
    }

    @Test
    void anIdAndAPasswordBringTheKeyringToAnyDevice() {
        both.made(person, "correct horse", "keys").close();
        assertEquals("keys", both.opened(person, "correct horse"));
        assertEquals("login-failed", refusal(() -> both.opened(person, "wrong horse")));
        assertEquals("account-exists", refusal(() -> both.made(person, "another one", "other keys")));
        assertEquals("password-short", refusal(() -> both.made(PersonId.random(BothServers.DIE), "short", "k")));
    }

    @Test
    void aChangedPasswordOpensAndTheOneBeforeDoesNot() {
        try (var account = both.made(person, "correct horse", "keys")) {
            account.setPassword(BothServers.secret("battery staple"));
            assertEquals(1, account.ways().size());
        }
        assertEquals("keys", both.opened(person, "battery staple"));
        assertEquals("login-failed", refusal(() -> both.opened(person, "correct horse")));
    }

    @Test
    @Tag("F11")
    void aForgottenPasswordIsSetAnewWithTheRecoveryCode() {
        WayIn.Code code;
        try (var account = both.made(person, "forgotten horse", "keys")) {
            code = account.addRecoveryCode();
        }
        var typed = BothServers.secret(RecoveryCode.revealed(code).toLowerCase(java.util.Locale.ROOT));
        try (var read = RecoveryCode.read(typed);
                var in = both.accounts.enter(person, read, Seen.NOTHING)) {
            in.setPassword(BothServers.secret("battery staple"));
        }
        assertEquals("keys", both.opened(person, "battery staple"));
        var stranger = PersonId.random(BothServers.DIE);
        assertEquals("way-in-unknown", refusal(() -> both.accounts.enter(stranger, code, Seen.NOTHING)));
        var other = RecoveryCode.fresh(BothServers.DIE);
        assertEquals("way-in-unknown", refusal(() -> both.accounts.enter(person, other, Seen.NOTHING)));
    }

    /// The authenticator is a stand-in for tests: CTAP 2.1 hmac-secret as WebAuthn's PRF asks it.
    @Test
    @Tag("F11")
    void aPasskeyOpensTheAccountAndOnlyItsOwn() {
        var authenticator = new PrfAuthenticator(BothServers.DIE);
        try (var account = both.made(person, "correct horse", "keys")) {
            account.addPasskey(authenticator.passkey(person));
            var notes = account.ways().stream()
                    .filter(w -> w.kind() == SlotKind.PASSKEY)
                    .findFirst()
                    .orElseThrow()
                    .notes();
            assertEquals(authenticator.credential(), Bytes.base64(notes.get("credential")));
        }
        assertEquals("keys", enteredBy(authenticator.passkey(person).way()));
        var other = new PrfAuthenticator(BothServers.DIE).passkey(person).way();
        assertEquals("way-in-unknown", refusal(() -> enteredBy(other)));
    }

    @Test
    void aRemovedWayOpensNothingAndTheMasterKeyIsAnother() {
        WayIn.Code stolen;
        WayIn.Code kept;
        MasterKey before;
        try (var account = both.made(person, "correct horse", "keys")) {
            stolen = account.addRecoveryCode();
            kept = account.addRecoveryCode();
            before = new MasterKey(
                    person,
                    account.master().epoch(),
                    account.master().key().lend(k -> org.mizuhiki.house.Secret.taking(k.clone())));
            var names = account.ways().stream()
                    .filter(w -> w.kind() == SlotKind.RECOVERY_CODE)
                    .map(PersonAccount.Entry::name)
                    .toList();
            var first = both
                    .servers()
                    .account()
                    .state(both.servers()
                            .account()
                            .enter(person, stolen.release(person))
                            .token())
                    .slots()
                    .stream()
                    .filter(s -> s.release().equals(stolen.releaseDigest(person)))
                    .findFirst()
                    .orElseThrow()
                    .name();
            assertTrue(names.contains(first));
            account.remove(first);
            assertEquals("way-unknown", refusal(() -> account.remove(first)));
            var password = account.ways().getFirst().name();
            assertEquals("way-last", refusal(() -> account.remove(password)));
        }
        assertEquals("way-in-unknown", refusal(() -> enteredBy(stolen)));
        assertEquals("keys", enteredBy(kept));
        assertEquals("keys", both.opened(person, "correct horse"));
        assertEquals("keyring-unknown", refusal(() -> both.servers().keyrings().fetch(person, before.storeToken())));
        assertEquals("account-rekeyed", refusal(() -> both.accounts.resume(before, Seen.NOTHING)));
    }

    @Test
    void twoDevicesAtOnceLoseNothing() {
        both.made(person, "correct horse", "0").close();
        try (var one = both.accounts.logIn(person, BothServers.secret("correct horse"), Seen.NOTHING);
                var two = both.accounts.logIn(person, BothServers.secret("correct horse"), Seen.NOTHING)) {
            one.replaceKeyring(k ->
                    k.lend(b -> BothServers.secret(new String(b, java.nio.charset.StandardCharsets.UTF_8) + " one")));
            two.replaceKeyring(k ->
                    k.lend(b -> BothServers.secret(new String(b, java.nio.charset.StandardCharsets.UTF_8) + " two")));
            var code = two.addRecoveryCode();
            var second = one.addRecoveryCode();
            assertEquals("0 one two", enteredBy(code));
            assertEquals("0 one two", enteredBy(second));
            assertEquals(3, one.ways().size());
        }
    }

    /// What a device does with an account, to be cut off in the middle.
    private interface Doing {
        void with(PersonAccount account);
    }

    /// Every changing call of both servers, broken before and after.
    private int cutOff(Doing doing, String other) {
        int cuts = 0;
        for (int call = 1; ; call++) {
            for (boolean done : new boolean[] {false, true}) {
                var somebody = PersonId.random(BothServers.DIE);
                both.made(somebody, "correct horse", "keys").close();
                WayIn.Code code;
                try (var account = both.accounts.logIn(somebody, BothServers.secret("correct horse"), Seen.NOTHING)) {
                    code = account.addRecoveryCode();
                }
                var net = both.new Breaking(call, done);
                try (var account = net.accounts().logIn(somebody, BothServers.secret("correct horse"), Seen.NOTHING)) {
                    doing.with(account);
                } catch (Refusal broken) {
                    assertEquals("peer-unreachable", broken.code());
                }
                assertEquals("keys", either(somebody, "correct horse", other), "call " + call + " done " + done);
                if (!net.broke()) {
                    return cuts;
                }
                cuts++;
                code.close();
            }
        }
    }

    private String either(PersonId somebody, String before, String after) {
        try {
            return both.opened(somebody, before);
        } catch (Refusal refused) {
            return both.opened(somebody, after);
        }
    }

    @Test
    void aChangeOfPasswordThatIsCutOffLeavesTheAccountOpenable() {
        assertTrue(cutOff(a -> a.setPassword(BothServers.secret("battery staple")), "battery staple") >= 8);
    }

    @Test
    void aChangeOfTheMasterKeyThatIsCutOffLeavesTheAccountOpenable() {
        int cuts = cutOff(
                account -> account.remove(account.ways().stream()
                        .filter(w -> w.kind() == SlotKind.RECOVERY_CODE)
                        .findFirst()
                        .orElseThrow()
                        .name()),
                "correct horse");
        assertTrue(cuts >= 4);
    }

    /// Every call that changes something, broken before and after: made again by the same command, or made
    /// already.
    @Test
    void makingAnAccountThatIsCutOffIsRepeated() {
        int cuts = 0;
        for (int call = 1; ; call++) {
            boolean broke = false;
            for (boolean done : new boolean[] {false, true}) {
                for (boolean anew : new boolean[] {false, true}) {
                    var somebody = PersonId.random(BothServers.DIE);
                    if (anew) {
                        both.made(somebody, "correct horse", "lost keys").close();
                    }
                    var net = both.new Breaking(call, done);
                    try {
                        create(net.accounts(), somebody, anew);
                    } catch (Refusal broken) {
                        assertEquals("peer-unreachable", broken.code());
                    }
                    both.clock.forward(java.time.Duration.ofHours(2));
                    try {
                        create(both.accounts, somebody, anew);
                    } catch (Refusal made) {
                        assertEquals("account-exists", made.code());
                    }
                    assertEquals("keys", both.opened(somebody, "battery staple"), "call " + call + " done " + done);
                    broke = net.broke();
                    cuts += broke ? 1 : 0;
                }
            }
            if (!broke) {
                assertTrue(cuts >= 16);
                return;
            }
        }
    }

    private static void create(Accounts accounts, PersonId somebody, boolean anew) {
        accounts.create(somebody, BothServers.secret("battery staple"), BothServers.secret("keys"), anew)
                .close();
    }

    @Test
    void whoLostEverythingAndEnrolledAgainBeginsAnew() {
        both.made(person, "correct horse", "lost keys").close();
        both.accounts
                .create(person, BothServers.secret("battery staple"), BothServers.secret("new keys"), true)
                .close();
        assertEquals("new keys", both.opened(person, "battery staple"));
        assertEquals("login-failed", refusal(() -> both.opened(person, "correct horse")));
    }
}
