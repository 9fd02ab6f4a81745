package org.mizuhiki.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.KeyServer.Filed;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.trust.Member;

@Tag("V3")
@Tag("V6")
@Tag("V7")
@Tag("B2")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresKeyServerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private Region region;

    @BeforeAll
    void open() {
        region = new Region(folder);
    }

    @AfterAll
    void close() {
        region.close();
    }

    static void assertRefused(String code, Executable call) {
        assertEquals(code, assertThrows(Refusal.class, call).code());
    }

    static List<String> kinds(List<Filed> filed) {
        return filed.stream().map(f -> statement(f).kind()).toList();
    }

    static Statement statement(Filed filed) {
        return Pretend.statements(java.time.Clock.systemUTC())
                .check(filed.signed())
                .statement();
    }

    @Test
    void theReaderGetsTheSlotOfTheGrantAfterTheLedgerHasTheDisclosure() {
        var r = region.letter();
        var grant = r.granted();
        var opening = r.opening(r.colleague.id(), Optional.of(grant.id()));
        var release = region.keys.release(r.colleague.id(), region.sign(opening, r.colleague));
        assertEquals(r.colleaguesSlot, release.slot());
        assertTrue(region.ledger.holds(opening.entry()));
        assertEquals(opening.entry().leaf(), release.disclosure().receipt().leaf());
        assertEquals(
                List.of("letter-sealed", "lateral-grant", "care-relation", "care-relation"), kinds(release.about()));
    }

    @Test
    void ownerAndAuthorGetTheirOwnSlots() {
        var r = region.letter();
        for (var who : List.of(r.patient, r.doctor)) {
            var id = who instanceof Member.Professional p ? p.id() : r.patient.id();
            var release = region.keys.release(id, region.sign(r.opening(id, Optional.empty()), who));
            assertEquals(r.slots.get(id), release.slot());
            assertEquals(List.of("letter-sealed", "care-relation", "care-relation"), kinds(release.about()));
        }
    }

    @Test
    void strangersCannotTellALetterFromNone() {
        var r = region.letter();
        var grant = r.granted();
        var stranger = region.doctor();
        for (var letter : List.of(r.letter, Digest.of((byte) 1))) {
            var opening = new Statement.Disclosure(
                    stranger.id(),
                    r.patient.id(),
                    letter,
                    Optional.of(grant.id()),
                    "treatment",
                    region.clock.instant(),
                    region.nonce());
            assertRefused("letter-unknown", () -> region.keys.release(stranger.id(), region.sign(opening, stranger)));
            assertRefused("letter-unknown", () -> region.keys.aboutLetter(stranger.id(), letter));
            var slot = region.slot();
            var foreign = new LateralGrant(
                    stranger.id(),
                    r.colleague.id(),
                    r.patient.id(),
                    letter,
                    slot.encoded().sha256(),
                    "referral",
                    region.clock.instant(),
                    region.clock.instant(),
                    region.nonce());
            assertRefused(
                    "letter-unknown", () -> region.keys.grant(stranger.id(), region.sign(foreign, stranger), slot));
        }
        assertRefused(
                "statement-unknown",
                () -> region.keys.say(stranger.id(), region.sign(r.ending(stranger.id(), grant), stranger)));
        assertRefused(
                "statement-unknown",
                () -> region.keys.say(
                        stranger.id(),
                        region.sign(r.ending(stranger.id(), r.opening(stranger.id(), Optional.empty())), stranger)));
    }

    @Test
    void somebodyElsesDisclosureOpensNothing() {
        var r = region.letter();
        var grant = r.granted();
        var signed = region.sign(r.opening(r.colleague.id(), Optional.of(grant.id())), r.colleague);
        var thief = region.doctor();
        assertRefused("statement-signer", () -> region.keys.release(thief.id(), signed));
        assertRefused("statement-signer", () -> region.keys.release(r.doctor.id(), signed));
    }

    @Test
    void aDisclosureIsGoodForFiveMinutesAndLoggedOnce() {
        var r = region.letter();
        var grant = r.granted();
        var signed = region.sign(r.opening(r.colleague.id(), Optional.of(grant.id())), r.colleague);
        var first = region.keys.release(r.colleague.id(), signed);
        int entries = region.ledger.size();
        region.clock.forward(Duration.ofMinutes(5));
        assertEquals(first, region.keys.release(r.colleague.id(), signed));
        assertEquals(entries, region.ledger.size());
        region.clock.forward(Duration.ofSeconds(1));
        assertRefused("disclosure-stale", () -> region.keys.release(r.colleague.id(), signed));
    }

    @Test
    void aDisclosureMustNameTheOwner() {
        var r = region.letter();
        var grant = r.granted();
        var other = new Statement.Disclosure(
                r.colleague.id(),
                region.patient().id(),
                r.letter,
                Optional.of(grant.id()),
                "treatment",
                region.clock.instant(),
                region.nonce());
        assertRefused(
                "disclosure-mismatch", () -> region.keys.release(r.colleague.id(), region.sign(other, r.colleague)));
    }

    @Test
    void aReaderWhoIsNotAProfessionalGetsNothing() {
        var r = region.letter();
        var grant = r.granted();
        var opening = r.opening(r.colleague.id(), Optional.of(grant.id()));
        assertRefused(
                "statement-not-professional",
                () -> region.keys.release(r.colleague.id(), region.sign(opening, Pretend.patient(r.colleague.id()))));
        var without = r.opening(r.colleague.id(), Optional.empty());
        assertRefused("not-a-reader", () -> region.keys.release(r.colleague.id(), region.sign(without, r.colleague)));
    }

    @Test
    void anEndedGrantOpensNothingAndItsSlotIsGone() {
        var r = region.letter();
        var grant = r.granted();
        r.open(grant);
        long before = region.count("slots");
        r.end(r.patient, grant);
        assertEquals(before - 1, region.count("slots"));
        assertRefused("grant-revoked", () -> r.open(grant));
    }

    @Test
    void endingOneGrantLeavesTheOther() {
        var r = region.letter();
        var first = r.granted();
        var slot = region.slot();
        var second = r.grantTo(r.colleague, slot);
        region.keys.grant(r.doctor.id(), region.sign(second, r.doctor), slot);
        r.end(r.patient, first);
        assertEquals(slot, r.open(second).slot());
        assertRefused("grant-revoked", () -> r.open(first));
    }

    @Test
    void endingTheRelationEndsItsGrantsAndTheirSlots() {
        var r = region.letter();
        var grant = r.granted();
        var half = Pretend.statements(region.clock)
                .check(region.keys
                        .involving(r.patient.id(), 50, Long.MAX_VALUE)
                        .getLast()
                        .signed())
                .statement();
        long before = region.count("slots");
        r.end(r.patient, half);
        assertEquals(before - 1, region.count("slots"));
        assertRefused("relation-revoked", () -> r.open(grant));
        var slot = region.slot();
        assertRefused(
                "not-related",
                () -> region.keys.grant(r.doctor.id(), region.sign(r.grantTo(region.doctor(), slot), r.doctor), slot));
    }

    @Test
    void anExpiredGrantOpensNothing() {
        var r = region.letter();
        var grant = r.granted();
        region.clock.forward(Duration.ofDays(30));
        assertRefused("grant-expired", () -> r.open(grant));
    }

    @Test
    void onlyWhoIsEntitledEndsAndOnlyOnce() {
        var r = region.letter();
        var grant = r.granted();
        assertRefused(
                "not-yours-to-end",
                () -> region.keys.say(r.colleague.id(), region.sign(r.ending(r.colleague.id(), grant), r.colleague)));
        assertRefused("not-yours-to-end", () -> r.end(r.patient, r.sealed));
        r.end(r.patient, grant);
        assertRefused("already-ended", () -> r.end(r.patient, grant));
    }

    @Test
    void aLetterNeedsAStandingRelation() {
        var doctor = region.doctor();
        var patient = region.patient();
        var r = region
        .new Referral(
                doctor,
                region.doctor(),
                patient,
                Digest.of(Bytes.utf8(region.nonce()).toArray()));
        Executable file = () -> region.keys.file(doctor.id(), region.sign(r.sealed, doctor), r.slots);
        assertRefused("not-related", file);
        region.keys.say(doctor.id(), region.sign(region.relation(doctor.id(), doctor, patient), doctor));
        assertRefused("not-related", file);
    }

    @Test
    void aLetterComesWithExactlyTwoSlots() {
        var r = region.letter();
        var again = new LetterSealed(
                r.doctor.id(), r.patient.id(), Digest.of((byte) 8), List.of(), region.clock.instant(), region.nonce());
        var signed = region.sign(again, r.doctor);
        var huge = new Slot(r.letter, Bytes.of(new byte[KeyServer.MAX_SLOT + 1]));
        var doctors = region.slot();
        assertRefused("slot-missing", () -> region.keys.file(r.doctor.id(), signed, Map.of(r.doctor.id(), doctors)));
        assertRefused(
                "slot-missing",
                () -> region.keys.file(
                        r.doctor.id(), signed, Map.of(r.doctor.id(), doctors, r.colleague.id(), doctors)));
        assertRefused(
                "slot-too-large",
                () -> region.keys.file(r.doctor.id(), signed, Map.of(r.doctor.id(), huge, r.patient.id(), huge)));
        assertRefused("caller-not-author", () -> region.keys.file(r.patient.id(), signed, r.slots));
    }

    @Test
    void aLetterIsFiledOnceByOneStatement() {
        var r = region.letter();
        var signed = region.sign(r.sealed, r.doctor);
        var filed = region.keys.aboutLetter(r.doctor.id(), r.letter).getFirst();
        assertEquals(filed, region.keys.file(r.doctor.id(), signed, r.slots));
        var other = new LetterSealed(
                r.doctor.id(), r.patient.id(), r.letter, List.of(), region.clock.instant(), region.nonce());
        assertRefused("letter-exists", () -> region.keys.file(r.doctor.id(), region.sign(other, r.doctor), r.slots));
    }

    @Test
    void aGrantComesWithTheSlotItNames() {
        var r = region.letter();
        var grant = r.grantTo(r.colleague, r.colleaguesSlot);
        assertRefused(
                "slot-mismatch", () -> region.keys.grant(r.doctor.id(), region.sign(grant, r.doctor), region.slot()));
    }

    @Test
    void aReaderCannotGrantOn() {
        var r = region.letter();
        r.granted();
        var next = region.doctor();
        region.keys.say(
                r.colleague.id(), region.sign(region.relation(r.colleague.id(), r.colleague, r.patient), r.colleague));
        region.keys.say(
                r.patient.id(), region.sign(region.relation(r.patient.id(), r.colleague, r.patient), r.patient));
        var slot = region.slot();
        var at = region.clock.instant();
        var on = new LateralGrant(
                r.colleague.id(),
                next.id(),
                r.patient.id(),
                r.letter,
                slot.encoded().sha256(),
                "referral",
                at,
                at,
                region.nonce());
        assertRefused(
                "grantor-not-entitled", () -> region.keys.grant(r.colleague.id(), region.sign(on, r.colleague), slot));
    }

    @Test
    void onlyRelationsAndRevocationsAreJustSaid() {
        var r = region.letter();
        var opening = r.opening(r.patient.id(), Optional.empty());
        assertRefused("statement-kind", () -> region.keys.say(r.patient.id(), region.sign(opening, r.patient)));
    }

    @Test
    void aRowForgedInTheDatabaseOpensNothing() {
        var r = region.letter();
        var thief = region.doctor();
        var slot = region.slot();
        var grant = r.grantTo(thief, slot);
        var forged = Bytes.utf8(region.sign(grant, r.doctor).asUtf8().replace("professional", "professiona1"));
        region.database.inTransaction(tx -> {
            var rows = new KeyRows(tx);
            rows.keepSlots(grant.id(), r.letter, Map.of(thief.id(), slot));
            var topic = new KeyRows.Topic(Optional.of(r.letter), Optional.empty(), java.util.Set.of(thief.id()));
            return rows.file(grant.id(), "lateral-grant", topic, forged, 0);
        });
        var opening = r.opening(thief.id(), Optional.of(grant.id()));
        assertRefused("not-a-reader", () -> region.keys.release(thief.id(), region.sign(opening, thief)));
    }

    @Test
    void aSlotSwappedInTheDatabaseIsNotReleased() {
        var r = region.letter();
        var grant = r.granted();
        region.database.inTransaction(tx -> tx.createUpdate("update slots set encoded = :bytes where statement = :id")
                .bind("bytes", new byte[] {1})
                .bind("id", grant.id().hex())
                .execute());
        assertRefused("slot-mismatch", () -> r.open(grant));
        assertFalse(region.keys.aboutLetter(r.patient.id(), r.letter).isEmpty());
    }
}
