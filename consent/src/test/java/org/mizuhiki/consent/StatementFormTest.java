package org.mizuhiki.consent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

class StatementFormTest {
    private static final Instant T0 = Pretend.NOW;
    private static final World WORLD = new World(3);

    private static List<Statement> oneOfEach() {
        var grant = WORLD.grant(WORLD.doctor, WORLD.colleague, T0, T0.plusSeconds(9));
        return List.of(
                WORLD.relation(WORLD.doctor, WORLD.doctor, WORLD.patient, T0, T0.plusSeconds(9)),
                WORLD.sealed(T0),
                new LetterSealed(
                        WORLD.doctor,
                        WORLD.patient,
                        WORLD.letter,
                        digests(StatementForm.MAX_OBJECTS),
                        T0,
                        WORLD.nonce()),
                new Statement.LetterResealed(
                        WORLD.doctor, WORLD.patient, WORLD.letter, WORLD.letter, WORLD.letter, T0, WORLD.nonce()),
                grant,
                WORLD.revocation(WORLD.patient, grant, T0),
                WORLD.disclosure(WORLD.colleague, Optional.of(grant.id()), T0),
                WORLD.disclosure(WORLD.patient, Optional.empty(), T0),
                WORLD.onward(WORLD.colleague, WORLD.stranger, grant, 1, T0, T0.plusSeconds(9)),
                WORLD.veto(WORLD.patient, WORLD.colleague, T0),
                new Statement.VetoLifted(WORLD.patient, WORLD.letter, T0, WORLD.nonce()),
                WORLD.registration(WORLD.doctor, WORLD.colleague, T0, T0.plusSeconds(9)),
                new Statement.ProvisionalConfirmation(WORLD.patient, WORLD.patient, WORLD.letter, T0, WORLD.nonce()),
                WORLD.access(T0, T0.plusSeconds(9)),
                WORLD.opening(WORLD.stranger, WORLD.access(T0, T0.plusSeconds(9)), T0, T0.plusSeconds(9)));
    }

    private static List<Digest> digests(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Digest.of((byte) i, (byte) (i >> 8)))
                .toList();
    }

    private static void assertRefused(Map<String, String> fields) {
        var refusal = assertThrows(Refusal.class, () -> StatementForm.read(Canonical.of(fields)), fields::toString);
        assertEquals("statement-malformed", refusal.code());
    }

    @Test
    void everyStatementComesBackAsItWas() {
        for (var statement : oneOfEach()) {
            assertEquals(
                    statement,
                    StatementForm.read(Canonical.decode(statement.canonical().encode())));
        }
    }

    @Test
    void noTwoStatementsShareAnEncoding() {
        var all = oneOfEach();
        assertEquals(all.size(), all.stream().map(Statement::id).distinct().count());
        assertNotEquals(WORLD.sealed(T0).id(), WORLD.sealed(T0).id());
    }

    @Test
    void aMissingOrSurplusFieldIsRefused() {
        for (var statement : oneOfEach()) {
            var fields = statement.canonical().fields();
            for (var field : fields.keySet()) {
                if (List.of("grant", "under", "onward").contains(field)) {
                    continue; // without it, it is the owner's or author's disclosure, the author's grant, a last one
                }
                var less = new TreeMap<>(fields);
                less.remove(field);
                assertRefused(less);
            }
            assertRefused(statement.canonical().with("more", "").fields());
            assertRefused(statement.canonical().with("until ", "x").fields());
        }
    }

    @Test
    void everyFieldIsRefusedEmptyWrongOrPadded() {
        for (var statement : oneOfEach()) {
            statement.canonical().fields().forEach((field, value) -> {
                for (var wrong : List.of("?", value + " ", value + ",", value + "\n", "a".repeat(70_000), "\ud800")) {
                    assertRefused(statement.canonical().with(field, wrong).fields());
                }
                if (!field.equals("objects")) {
                    assertRefused(statement.canonical().with(field, "").fields());
                }
            });
        }
    }

    @Test
    void aTimeHasOneSpelling() {
        for (var wrong : List.of(
                "2026-11-22T05:00:00.5Z",
                "2026-11-22T05:00:00.000Z",
                "2026-11-22T05:00Z",
                "2026-11-22T14:00:00+09:00",
                "2026-11-22t05:00:00z",
                "2026-11-22T24:00:00Z",
                "2026-12-31T23:59:60Z",
                "2026-02-30T05:00:00Z",
                "1999-11-22T05:00:00Z",
                "+2026-11-22T05:00:00Z")) {
            assertRefused(WORLD.sealed(T0).canonical().with("at", wrong).fields());
        }
    }

    @Test
    void aListHasOneSpelling() {
        var hex = Digest.of((byte) 5).hex();
        for (var wrong : List.of(
                ",", hex + ",", "," + hex, hex + ",," + hex, hex + "," + hex, hex.toUpperCase(java.util.Locale.ROOT))) {
            assertRefused(WORLD.sealed(T0).canonical().with("objects", wrong).fields());
        }
        var tooMany = String.join(
                ",",
                digests(StatementForm.MAX_OBJECTS + 1).stream().map(Digest::hex).toList());
        assertRefused(WORLD.sealed(T0).canonical().with("objects", tooMany).fields());
    }

    @Test
    void freeTextAboutAPatientCannotBeSaid() {
        var grant = WORLD.grant(WORLD.doctor, WORLD.colleague, T0, T0);
        assertRefused(grant.canonical().with("purpose", "肺炎の疑い").fields());
        assertRefused(WORLD.revocation(WORLD.patient, grant, T0)
                .canonical()
                .with("reason", "Moved away")
                .fields());
    }

    @Test
    void partiesThatCannotBeAreRefused() {
        var grant = WORLD.grant(WORLD.doctor, WORLD.colleague, T0, T0).canonical();
        assertRefused(grant.with("reader", WORLD.patient.value()).fields());
        assertRefused(grant.with("reader", WORLD.doctor.value()).fields());
        // the owner's own grant rests on none and goes no further
        var own = grant.with("owner", WORLD.doctor.value());
        assertEquals(own, StatementForm.read(own).canonical());
        assertRefused(own.with("onward", "1").fields());
        assertRefused(own.with("under", Digest.of((byte) 7).hex()).fields());
        assertRefused(WORLD.opening(WORLD.stranger, WORLD.access(T0, T0), T0, T0)
                .canonical()
                .with("patient", WORLD.stranger.value())
                .fields());
        var relation = WORLD.relation(WORLD.doctor, WORLD.doctor, WORLD.patient, T0, T0)
                .canonical();
        assertRefused(relation.with("by", WORLD.stranger.value()).fields());
        assertRefused(relation.with("patient", WORLD.doctor.value()).fields());
        assertRefused(
                WORLD.sealed(T0).canonical().with("owner", WORLD.doctor.value()).fields());
    }

    @Test
    void whatEndsBeforeItBeginsIsRefused() {
        assertRefused(WORLD.grant(WORLD.doctor, WORLD.colleague, T0, T0.minusSeconds(1))
                .canonical()
                .fields());
    }

    @Test
    void anotherFormOrKindIsRefused() {
        var record = WORLD.sealed(T0).canonical();
        assertRefused(record.with("form", "mizuhiki-statement-2").fields());
        assertRefused(record.with("kind", "key-entry").fields());
        assertRefused(record.with("kind", "disclosure").fields());
    }

    /// Whatever is accepted at all has been written in the one way.
    @FuzzTest(maxDuration = "60s")
    void whatIsReadIsWrittenTheSame(byte[] input) {
        try {
            var record = Canonical.decode(Bytes.of(input));
            assertEquals(record, StatementForm.read(record).canonical());
        } catch (Refusal e) {
            assertEquals(false, e.code().isEmpty());
        }
    }

    @Test
    void everyFlippedBitOfARecordIsRefusedOrAnotherStatement() {
        for (var statement : oneOfEach()) {
            var bytes = statement.canonical().encode().toArray();
            if (bytes.length > 2000) {
                continue; // the long list has no other form than the short one
            }
            var id = statement.id();
            for (int bit = 0; bit < bytes.length * 8; bit++) {
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
                whatIsReadIsWrittenTheSame(bytes);
                assertNotEquals(id, Digest.of(bytes));
                bytes[bit / 8] ^= (byte) (1 << bit % 8);
            }
        }
    }
}
