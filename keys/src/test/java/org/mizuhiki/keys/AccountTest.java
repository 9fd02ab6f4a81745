package org.mizuhiki.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.Account.Guardian;
import org.mizuhiki.keys.Account.State;
import org.mizuhiki.keys.Account.WrappedKey;
import org.mizuhiki.keys.Recoveries.Approval;

/// What the key server keeps of accounts, and lets go of to whom.
@Tag("V4")
class AccountTest {
    private static final Bytes KEY = Bytes.of(new byte[Recoveries.KEY]);
    private static final Bytes HEAD = Bytes.utf8("head");

    @TempDir
    private static Path folder;

    private static Live live;
    private static TwoServers both;
    private static PostgresRecoveries recoveries;

    private final PersonId person = PersonId.random(TwoServers.DIE);
    private Bytes token = Bytes.of();

    @BeforeAll
    static void start() throws Exception {
        live = new Live(folder);
        both = new TwoServers(folder);
        recoveries = new PostgresRecoveries(both.keysRows, both.clock, Duration.ofDays(3), TwoServers.DIE);
    }

    @BeforeEach
    void logIn() {
        token = both.account.open(person).token();
    }

    @AfterAll
    static void stop() throws Exception {
        both.close();
        live.close();
    }

    private static String refusal(Executable work) {
        return assertThrows(Refusal.class, work).code();
    }

    private static WrappedKey slot(String name) {
        return new WrappedKey(name, Bytes.utf8("wrapped " + name));
    }

    private static WrappedKey released(String name, Bytes release) {
        return new WrappedKey(
                name, Bytes.utf8("wrapped"), Optional.of(Digest.of(release.toArray())), Optional.empty(), List.of());
    }

    private static State state(long number, WrappedKey... slots) {
        return new State(number, HEAD, List.of(slots));
    }

    @Test
    void theFirstOfTwoDevicesChangesTheAccountAndTheOtherIsTold() {
        both.account.replace(token, state(1, slot("password")));
        both.account.replace(token, state(1, slot("password")));
        assertEquals("account-changed", refusal(() -> both.account.replace(token, state(1, slot("other")))));
        assertEquals("account-changed", refusal(() -> both.account.replace(token, state(3, slot("other")))));
        both.account.replace(token, state(2, slot("password"), slot("recovery-code")));
        assertEquals(state(2, slot("password"), slot("recovery-code")), both.account.state(token));
        var other = both.account.open(PersonId.random(TwoServers.DIE)).token();
        assertEquals(new State(0, Bytes.of(), List.of()), both.account.state(other));
    }

    @Test
    void whatDoesNotFitIsRefusedAndNothingChanges() {
        for (var name : List.of("", "A", "a--b", "-a", "a_b", "a".repeat(41))) {
            assertEquals("slot-name-malformed", refusal(() -> both.account.replace(token, state(1, slot(name)))));
        }
        assertEquals("slot-name-malformed", refusal(() -> both.account.replace(token, state(1, slot("a"), slot("a")))));
        for (int size : new int[] {0, Account.MAX_WRAPPED + 1}) {
            var wrong = new WrappedKey("a", Bytes.of(new byte[size]));
            assertEquals("slot-too-large", refusal(() -> both.account.replace(token, state(1, wrong))));
        }
        var many = new ArrayList<WrappedKey>();
        for (int i = 0; i <= Account.MAX_SLOTS; i++) {
            many.add(slot("way-" + i));
        }
        assertEquals("slots-too-many", refusal(() -> both.account.replace(token, new State(1, HEAD, many))));
        assertEquals(0, both.account.state(token).number());
    }

    @Test
    void whoShowsWhatASlotIsReleasedForGetsASessionAndNobodyElse() {
        var release = Bytes.utf8("derived from the code");
        both.account.replace(token, state(1, released("recovery-code", release)));
        var session = both.account.enter(person, release).token();
        assertEquals(1, both.account.state(session).number());
        assertEquals(
                "entered-without-password",
                both.account.notices(session).getFirst().kind());
        var wrong = assertThrows(Refusal.class, () -> both.account.enter(person, Bytes.utf8("another")));
        var nobody = PersonId.random(TwoServers.DIE);
        var unknown = assertThrows(Refusal.class, () -> both.account.enter(nobody, release));
        assertEquals(wrong.getMessage(), unknown.getMessage());
    }

    @Test
    void aWayThatIsRemovedOpensNothingAndWhatItOpenedEnds() {
        var release = Bytes.utf8("on a sheet that was stolen");
        both.account.replace(token, state(1, slot("password"), released("recovery-code", release)));
        var thief = both.account.enter(person, release).token();
        both.account.replace(token, state(2, slot("password")));
        assertEquals("session-over", refusal(() -> both.account.state(thief)));
        assertEquals("way-in-unknown", refusal(() -> both.account.enter(person, release)));
        assertEquals(2, both.account.state(token).number());
    }

    private static WrappedKey guarded(Live.Device... guardians) {
        var all = new ArrayList<Guardian>();
        for (var guardian : guardians) {
            all.add(new Guardian(guardian.id(), Bytes.utf8("share of " + guardian.id())));
        }
        return new WrappedKey("guardians", Bytes.utf8("wrapped"), Optional.empty(), Optional.empty(), all);
    }

    private Approval approval(Live.Device guardian, Digest recovery, Bytes key) {
        var share = Bytes.utf8("closed for the device by " + guardian.id());
        var statement = Recoveries.statement(recovery, person, guardian.id(), key, share);
        return new Approval(recovery, share, Crypto.signed(guardian.author().key(), statement.encode()));
    }

    private static X509Certificate certificate(Live.Device device) {
        return device.author().chain().getFirst();
    }

    @Test
    void sharesAreGivenAfterTheDelayToTheDeviceThatAsked() {
        var one = live.patient();
        var two = live.doctor("後見 花子");
        both.account.replace(token, state(1, guarded(one, two)));
        var begun = recoveries.begin(person, KEY);
        assertEquals(person, recoveries.asked(one.id()).getFirst().person());
        recoveries.approve(one.id(), certificate(one), approval(one, begun.id(), KEY));
        recoveries.approve(one.id(), certificate(one), approval(one, begun.id(), KEY));
        recoveries.approve(two.id(), certificate(two), approval(two, begun.id(), KEY));
        var early = recoveries.standing(begun.id(), begun.secret());
        assertEquals(2, early.approvals());
        assertEquals(List.of(), early.shares());
        assertEquals("recovery-unknown", refusal(() -> recoveries.standing(begun.id(), Bytes.of(new byte[32]))));
        both.clock.forward(Duration.ofDays(3));
        var open = recoveries.standing(begun.id(), begun.secret());
        assertEquals(Optional.of("guardians"), open.slot());
        assertEquals(2, open.shares().size());
        var late = both.account.open(person).token();
        assertTrue(both.account.notices(late).stream().anyMatch(n -> n.kind().equals("recovery-asked")));
        var guardian = both.account.open(one.id()).token();
        assertEquals("guarding-asked", both.account.notices(guardian).getFirst().kind());
    }

    @Test
    void theVetoOfThePersonEndsARecoveryForGood() {
        var one = live.patient();
        both.account.replace(token, state(1, guarded(one)));
        var begun = recoveries.begin(person, KEY);
        assertEquals(begun.id(), recoveries.under(token).getFirst().id());
        assertEquals(1, recoveries.veto(token));
        both.clock.forward(Duration.ofDays(4));
        assertEquals("recovery-over", refusal(() -> recoveries.standing(begun.id(), begun.secret())));
        assertEquals(List.of(), recoveries.asked(one.id()));
        var late = approval(one, begun.id(), KEY);
        assertEquals("recovery-unknown", refusal(() -> recoveries.approve(one.id(), certificate(one), late)));
        assertEquals("session-over", refusal(() -> recoveries.veto(Bytes.of(new byte[32]))));
    }

    @Test
    void onlyAGuardianApprovesAndOnlyForThisKeyAndShare() {
        var one = live.patient();
        var stranger = live.patient();
        both.account.replace(token, state(1, guarded(one)));
        var begun = recoveries.begin(person, KEY);
        assertEquals(
                "recovery-unknown",
                refusal(() ->
                        recoveries.approve(stranger.id(), certificate(stranger), approval(stranger, begun.id(), KEY))));
        var otherKey = new byte[Recoveries.KEY];
        otherKey[7] = 1;
        assertEquals(
                "approval-malformed",
                refusal(() ->
                        recoveries.approve(one.id(), certificate(one), approval(one, begun.id(), Bytes.of(otherKey)))));
        var right = approval(one, begun.id(), KEY);
        var bent = new Approval(begun.id(), Bytes.utf8("another share"), right.signature());
        assertEquals("approval-malformed", refusal(() -> recoveries.approve(one.id(), certificate(one), bent)));
    }

    @Test
    void nobodyLearnsFromRecoveriesWhoHasAnAccountAndAskingWithoutEndCrowdsOutNobody() {
        var nobody = recoveries.begin(PersonId.random(TwoServers.DIE), KEY);
        assertEquals(0, recoveries.standing(nobody.id(), nobody.secret()).approvals());
        var one = live.patient();
        both.account.replace(token, state(1, guarded(one)));
        var mine = recoveries.begin(person, KEY);
        recoveries.approve(one.id(), certificate(one), approval(one, mine.id(), KEY));
        var first = recoveries.begin(person, KEY);
        for (int i = 0; i < 4; i++) {
            both.clock.forward(Duration.ofSeconds(1));
            recoveries.begin(person, KEY);
        }
        assertEquals("recovery-unknown", refusal(() -> recoveries.standing(first.id(), first.secret())));
        assertEquals(1, recoveries.standing(mine.id(), mine.secret()).approvals());
        both.clock.forward(Recoveries.LIFE);
        assertEquals("recovery-unknown", refusal(() -> recoveries.standing(mine.id(), mine.secret())));
        recoveries.sweep();
    }
}
