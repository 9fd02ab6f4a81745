package org.mizuhiki.consent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;

@Tag("V6")
@Tag("V7")
class SignedStatementsTest {
    private static final Instant T0 = Pretend.NOW;
    private final World world = new World(11);
    private final SignedStatements statements = Pretend.statements(T0);

    private void assertRefused(String code, Statement statement, Member signer, Instant stampedAt) {
        var signed = Pretend.sign(statement.canonical(), signer, stampedAt);
        assertEquals(
                code,
                assertThrows(Refusal.class, () -> statements.check(signed)).code());
    }

    private void assertAccepted(Statement statement, Member signer) {
        var attested = statements.check(Pretend.sign(statement.canonical(), signer, statement.at()));
        assertEquals(statement, attested.statement());
        assertEquals(signer, attested.signer());
    }

    @Test
    void whatTheSignerSaysIsBelieved() {
        assertAccepted(world.sealed(T0), Pretend.professional(world.doctor));
        assertAccepted(
                world.grant(world.doctor, world.colleague, T0, T0.plus(Duration.ofDays(90))),
                Pretend.professional(world.doctor));
        assertAccepted(world.disclosure(world.patient, Optional.empty(), T0), Pretend.patient(world.patient));
    }

    @Test
    void whatAnotherSignedIsRefused() {
        assertRefused("statement-signer", world.sealed(T0), Pretend.professional(world.stranger), T0);
        assertRefused(
                "statement-signer",
                world.sealed(T0),
                new Member.Institution(new InstitutionCode("1311234567"), "試験診療所"),
                T0);
        assertRefused("statement-signer", world.sealed(T0), new Member.Server("keys", "localhost"), T0);
    }

    @Test
    void onlyProfessionalsSayWhatNeedsOne() {
        var grant = world.grant(world.doctor, world.colleague, T0, T0);
        var half = world.relation(world.doctor, world.doctor, world.patient, T0, T0);
        for (var statement : List.of(world.sealed(T0), grant, half)) {
            assertRefused("statement-not-professional", statement, Pretend.patient(world.doctor), T0);
        }
        var opening = world.disclosure(world.colleague, Optional.of(grant.id()), T0);
        assertAccepted(opening, Pretend.professional(world.colleague));
        // whether this reader has to be one, the grant tells: the key server asks
        assertAccepted(opening, Pretend.patient(world.colleague));
        assertAccepted(
                world.grant(world.patient, world.colleague, T0, T0.plusSeconds(60)), Pretend.patient(world.patient));
    }

    @Test
    void aPatientsHalfNeedsNoProfession() {
        var half = world.relation(world.patient, world.doctor, world.patient, T0, T0);
        assertAccepted(half, Pretend.patient(world.patient));
        assertAccepted(half, Pretend.professional(world.patient));
    }

    @Test
    void stampAndStatementLieFiveMinutesApartAtMost() {
        var signer = Pretend.professional(world.doctor);
        var statement = world.sealed(T0.minus(Duration.ofHours(1)));
        assertRefused("statement-time", statement, signer, statement.at().plusSeconds(301));
        assertRefused("statement-time", statement, signer, statement.at().minusSeconds(301));
        statements.check(
                Pretend.sign(statement.canonical(), signer, statement.at().plusSeconds(300)));
    }

    @Test
    void theFutureIsRefused() {
        var signer = Pretend.professional(world.doctor);
        assertAccepted(world.sealed(T0.plusSeconds(300)), signer);
        assertRefused("statement-time", world.sealed(T0.plusSeconds(301)), signer, T0.plusSeconds(301));
    }

    @Test
    void grantsLiveNinetyDaysAndRelationsFiveYears() {
        var signer = Pretend.professional(world.doctor);
        assertRefused(
                "statement-too-long",
                world.grant(
                        world.doctor,
                        world.colleague,
                        T0,
                        T0.plus(Duration.ofDays(90)).plusSeconds(1)),
                signer,
                T0);
        var fiveYears = T0.atOffset(ZoneOffset.UTC).plusYears(5).toInstant();
        assertAccepted(world.relation(world.doctor, world.doctor, world.patient, T0, fiveYears), signer);
        assertRefused(
                "statement-too-long",
                world.relation(world.doctor, world.doctor, world.patient, T0, fiveYears.plusSeconds(1)),
                signer,
                T0);
    }

    @Test
    void anotherKindThanAskedForIsRefused() {
        var signed = Pretend.sign(world.sealed(T0).canonical(), Pretend.professional(world.doctor), T0);
        assertEquals(
                world.letter,
                statements.check(signed, LetterSealed.class).statement().letter());
        var refusal = assertThrows(Refusal.class, () -> statements.check(signed, Disclosure.class));
        assertEquals("statement-kind", refusal.code());
    }

    @Test
    void everyFlippedBitIsRefused() {
        var bytes = Pretend.sign(world.sealed(T0).canonical(), Pretend.professional(world.doctor), T0)
                .toArray();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            var flipped = Bytes.of(bytes);
            assertThrows(Refusal.class, () -> statements.check(flipped));
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    @Test
    void theLedgerLearnsKindAndDigestOnly() {
        var statement = world.sealed(T0);
        assertEquals("letter-sealed", statement.entry().kind());
        assertEquals(
                Digest.of(statement.canonical().encode().toArray()),
                statement.entry().record());
    }
}
