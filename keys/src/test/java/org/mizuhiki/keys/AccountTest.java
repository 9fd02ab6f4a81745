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
    private static final Bytes MASTER = Bytes.utf8("what the master key gives");
    private static final Digest ACCESS = Digest.of(MASTER.toArray());
    private static final String HERE = "at:c0000201";

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

    private static void replace(Bytes token, State next) {
        both.account.replace(new Passwords.Shown(token, MASTER), ACCESS, next);
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
        replace(token, state(1, slot("password")));
        replace(token, state(1, slot("password")));
        assertEquals("account-changed", refusal(() -> replace(token, state(1, slot("other")))));
        assertEquals("account-changed", refusal(() -> replace(token, state(3, slot("other")))));
        replace(token, state(2, slot("password"), slot("recovery-code")));
        assertEquals(state(2, slot("password"), slot("recovery-code")), both.account.state(token));
        var other = both.account.open(PersonId.random(TwoServers.DIE)).token();
        assertEquals(new State(0, Bytes.of(), List.of()), both.account.state(other));
    }

    @Test
    void whatDoesNotFitIsRefusedAndNothingChanges() {
        for (var name : List.of("", "A", "a--b", "-a", "a_b", "a".repeat(41))) {
            assertEquals("slot-name-malformed", refusal(() -> replace(token, state(1, slot(name)))));
        }
        assertEquals("slot-name-malformed", refusal(() -> replace(token, state(1, slot("a"), slot("a")))));
        for (int size : new int[] {0, Account.MAX_WRAPPED + 1}) {
            var wrong = new WrappedKey("a", Bytes.of(new byte[size]));
            assertEquals("slot-too-large", refusal(() -> replace(token, state(1, wrong))));
        }
        var many = new ArrayList<WrappedKey>();
        for (int i = 0; i <= Account.MAX_SLOTS; i++) {
            many.add(slot("way-" + i));
        }
        assertEquals("slots-too-many", refusal(() -> replace(token, new State(1, HEAD, many))));
        assertEquals(0, both.account.state(token).number());
    }

    @Test
    void whoShowsWhatASlotIsReleasedForGetsASessionAndNobodyElse() {
        var release = Bytes.utf8("derived from the code");
        replace(token, state(1, released("recovery-code", release)));
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
        replace(token, state(1, slot("password"), released("recovery-code", release)));
        var thief = both.account.enter(person, release).token();
        replace(token, state(2, slot("password")));
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
        var signature = Crypto.signed(guardian.author().key(), statement.encode());
        return new Approval(
                recovery, share, signature, encoded(guardian.author().chain()));
    }

    private static Bytes encoded(List<X509Certificate> chain) {
        var all = new java.io.ByteArrayOutputStream();
        try {
            for (var one : chain) {
                all.writeBytes(one.getEncoded());
            }
        } catch (java.security.cert.CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
        return Bytes.of(all.toByteArray());
    }

    private static X509Certificate certificate(Live.Device device) {
        return device.author().chain().getFirst();
    }

    @Test
    void sharesAreGivenAfterTheDelayToTheDeviceThatAsked() {
        var one = live.patient();
        var two = live.doctor("後見 花子");
        replace(token, state(1, guarded(one, two)));
        var begun = recoveries.begin(person, KEY, HERE);
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
        replace(token, state(1, guarded(one)));
        var begun = recoveries.begin(person, KEY, HERE);
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
        replace(token, state(1, guarded(one)));
        var begun = recoveries.begin(person, KEY, HERE);
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
        var bent = new Approval(begun.id(), Bytes.utf8("another share"), right.signature(), right.chain());
        assertEquals("approval-malformed", refusal(() -> recoveries.approve(one.id(), certificate(one), bent)));
        var others = encoded(stranger.author().chain());
        var lent = new Approval(begun.id(), right.share(), right.signature(), others);
        assertEquals("approval-malformed", refusal(() -> recoveries.approve(one.id(), certificate(one), lent)));
    }

    @Test
    void nobodyLearnsFromRecoveriesWhoHasAnAccount() {
        var nobody = recoveries.begin(PersonId.random(TwoServers.DIE), KEY, HERE);
        assertEquals(0, recoveries.standing(nobody.id(), nobody.secret()).approvals());
    }

    private static String place(int number) {
        return "at:" + "%08x".formatted(number);
    }

    @Test
    void whoAsksWithoutEndCrowdsOutOnlyHimselfAndIsOneNotice() {
        var one = live.patient();
        replace(token, state(1, guarded(one)));
        var approved = recoveries.begin(person, KEY, HERE);
        recoveries.approve(one.id(), certificate(one), approval(one, approved.id(), KEY));
        var mine = recoveries.begin(person, KEY, place(1));
        var first = recoveries.begin(person, KEY, place(2));
        // one address asks twenty times, a hundred others three times each
        for (int i = 0; i < 320; i++) {
            both.clock.forward(Duration.ofSeconds(1));
            recoveries.begin(person, KEY, place(i < 20 ? 2 : 3 + i % 100));
        }
        assertEquals("recovery-unknown", refusal(() -> recoveries.standing(first.id(), first.secret())));
        assertEquals(1, recoveries.standing(approved.id(), approved.secret()).approvals());
        assertTrue(recoveries.under(token).size() <= 101);
        var told = both.account.notices(token);
        assertEquals(
                1, told.stream().filter(n -> n.kind().equals("recovery-asked")).count());
        assertTrue(told.stream().anyMatch(n -> n.times() == 323));
        // the person's own is the only one of its address: newer ones of the same rank may replace it, older ones not
        assertEquals("recovery-unknown", refusal(() -> recoveries.standing(mine.id(), mine.secret())));
        var again = recoveries.begin(person, KEY, place(1));
        for (int i = 0; i < 99; i++) {
            recoveries.begin(person, KEY, place(3 + i));
        }
        assertEquals(0, recoveries.standing(again.id(), again.secret()).approvals());
    }

    @Test
    void oneAddressAsksForSoManyPeopleAndNoMore() {
        var place = "at:0a000001";
        for (int i = 0; i < 30; i++) {
            recoveries.begin(PersonId.random(TwoServers.DIE), KEY, place);
        }
        assertEquals(
                "recovery-rate-exceeded", refusal(() -> recoveries.begin(PersonId.random(TwoServers.DIE), KEY, place)));
        recoveries.begin(PersonId.random(TwoServers.DIE), KEY, "at:0a000002");
        both.clock.forward(Recoveries.UNAPPROVED);
        recoveries.begin(PersonId.random(TwoServers.DIE), KEY, place);
    }

    @Test
    void whatNobodyApprovedIsForgottenSoonerThanWhatAGuardianKnows() {
        var one = live.patient();
        replace(token, state(1, guarded(one)));
        var approved = recoveries.begin(person, KEY, HERE);
        recoveries.approve(one.id(), certificate(one), approval(one, approved.id(), KEY));
        var left = recoveries.begin(person, KEY, HERE);
        both.clock.forward(Recoveries.UNAPPROVED);
        recoveries.sweep();
        assertEquals("recovery-unknown", refusal(() -> recoveries.standing(left.id(), left.secret())));
        assertEquals(1, recoveries.standing(approved.id(), approved.secret()).approvals());
        both.clock.forward(Recoveries.LIFE);
        assertEquals("recovery-unknown", refusal(() -> recoveries.standing(approved.id(), approved.secret())));
        recoveries.sweep();
        both.clock.forward(Duration.ofDays(400));
        recoveries.sweep();
        assertEquals(List.of(), both.account.notices(both.account.open(person).token()));
    }

    @Test
    void guardiansHearOfAVeto() {
        var one = live.patient();
        replace(token, state(1, guarded(one)));
        recoveries.begin(person, KEY, HERE);
        recoveries.veto(token);
        var guardian = both.account.open(one.id()).token();
        assertEquals(
                List.of("guarding-asked", "guarding-vetoed"),
                both.account.notices(guardian).stream()
                        .map(Account.Notice::kind)
                        .sorted()
                        .toList());
    }

    /// Whose guardians count is said by age: a slot that stays is as old as it was.
    @Test
    void aSlotThatStaysKeepsItsAge() {
        var one = live.patient();
        var two = live.patient();
        replace(token, state(1, guarded(one)));
        both.clock.forward(Duration.ofMinutes(1));
        var newer = new WrappedKey(
                "another",
                Bytes.utf8("wrapped"),
                Optional.empty(),
                Optional.empty(),
                List.of(new Guardian(two.id(), Bytes.utf8("share"))));
        replace(token, state(2, guarded(one), newer));
        both.clock.forward(Duration.ofMinutes(1));
        replace(token, state(3, newer, guarded(one), slot("password")));
        recoveries.begin(person, KEY, HERE);
        assertEquals(List.of(), recoveries.asked(one.id()));
        assertEquals(1, recoveries.asked(two.id()).size());
    }

    @Test
    void aSessionWithoutTheAccountsKeyChangesNothing() {
        replace(token, state(1, slot("password")));
        var thief = new Passwords.Shown(token, Bytes.utf8("guess"));
        assertEquals("account-key-wrong", refusal(() -> both.account.replace(thief, ACCESS, state(2))));
        assertEquals("account-key-wrong", refusal(() -> both.account.holder(thief)));
        assertEquals(person, both.account.holder(new Passwords.Shown(token, MASTER)));
        // another key from the next change on; the same said again is known
        var next = Digest.of((byte) 7);
        var mine = new Passwords.Shown(token, MASTER);
        both.account.replace(mine, next, state(2, slot("password")));
        both.account.replace(mine, next, state(2, slot("password")));
        assertEquals("account-key-wrong", refusal(() -> both.account.replace(mine, next, state(3))));
        // whoever lost all begins anew with a certificate, and all sessions end
        both.account.replaceOwn(person, ACCESS, state(3, slot("password")));
        assertEquals("session-over", refusal(() -> both.account.state(token)));
    }
}
