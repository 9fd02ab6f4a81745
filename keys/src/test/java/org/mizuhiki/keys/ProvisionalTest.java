package org.mizuhiki.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mizuhiki.keys.PostgresKeyServerTest.assertRefused;

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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.consent.Statement.ProvisionalRegistration;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.trust.Member;

/// What the key server keeps and lets go of for patients who were registered provisionally.
@Tag("V8")
@Tag("V10")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD) // one of them moves the clock by a month
class ProvisionalTest {
    private static final Duration LIFE = Duration.ofDays(30);

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

    /// A doctor registers a patient and seals a letter for the key of the printed secret.
    private final class Registered {
        final Member.Professional registrar = region.doctor();
        final Member.Professional supervisor = region.doctor();
        final Member.Patient patient = region.patient();
        final Slot printed = region.slot();
        final Slot supervisors = region.slot();
        final Digest evidence = Digest.of(region.nonce().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        final ProvisionalRegistration statement = new ProvisionalRegistration(
                registrar.id(),
                patient.id(),
                supervisor.id(),
                evidence,
                Digest.of((byte) 1),
                printed.keyId(),
                region.clock.instant(),
                region.clock.instant().plus(LIFE),
                region.nonce());
        final Region.Referral letter;

        Registered() {
            region.keys.register(
                    registrar.id(),
                    region.sign(statement, registrar),
                    Map.of(patient.id(), printed, supervisor.id(), supervisors));
            region.keys.say(
                    registrar.id(), region.sign(region.relation(registrar.id(), registrar, patient), registrar));
            letter = region
            .new Referral(
                    registrar,
                    region.doctor(),
                    patient,
                    Digest.of(region.nonce().getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
            send();
        }

        void send() {
            region.keys.file(
                    registrar.id(),
                    region.sign(letter.sealed, registrar),
                    Map.of(registrar.id(), region.slot(), patient.id(), printed));
        }

        Statement.Disclosure opening(PersonId by, Digest what, Optional<Digest> grant) {
            return new Statement.Disclosure(
                    by, patient.id(), what, grant, "treatment", region.clock.instant(), region.nonce());
        }

        KeyServer.Release open(Member by, PersonId id, Digest what, Optional<Digest> grant) {
            return region.keys.release(id, region.sign(opening(id, what, grant), by));
        }

        void confirm() {
            var confirmed = new Statement.ProvisionalConfirmation(
                    patient.id(), patient.id(), statement.id(), region.clock.instant(), region.nonce());
            region.keys.say(patient.id(), region.sign(confirmed, patient));
        }
    }

    @Test
    void aLetterGoesToAPatientWithoutAnIdAndOnToAColleague() {
        var r = new Registered();
        var grant = r.letter.granted();
        assertEquals(r.letter.colleaguesSlot, r.letter.open(grant).slot());
        assertEquals(
                List.of("letter-sealed", "lateral-grant", "provisional-registration", "care-relation"),
                r.letter.open(grant).about().stream()
                        .map(f -> Pretend.statements(region.clock)
                                .check(f.signed())
                                .statement()
                                .kind())
                        .toList());
        assertEquals(
                r.printed,
                r.open(r.patient, r.patient.id(), r.letter.letter, Optional.empty())
                        .slot());
    }

    @Test
    void thePictureIsReleasedToSupervisorAndPatientOnly() {
        var r = new Registered();
        var because = Optional.of(r.statement.id());
        assertEquals(
                r.supervisors,
                r.open(r.supervisor, r.supervisor.id(), r.evidence, because).slot());
        assertEquals(
                r.printed,
                r.open(r.patient, r.patient.id(), r.evidence, Optional.empty()).slot());
        assertRefused("not-a-reader", () -> r.open(r.registrar, r.registrar.id(), r.evidence, because));
        var stranger = region.doctor();
        assertRefused("letter-unknown", () -> r.open(stranger, stranger.id(), r.evidence, because));
    }

    @Test
    void activationReplacesTheSlotsAndThenThePrintedSecretOpensNothing() {
        var r = new Registered();
        var own = region.slot();
        region.keys.replace(r.patient.id(), r.letter.letter, own);
        region.keys.replace(r.patient.id(), r.letter.letter, own);
        assertRefused("letter-unknown", () -> region.keys.replace(r.registrar.id(), r.letter.letter, own));
        r.confirm();
        assertEquals(
                own,
                r.open(r.patient, r.patient.id(), r.letter.letter, Optional.empty())
                        .slot());
        // the picture's was not replaced, and is gone with the secret
        assertRefused("letter-unknown", () -> r.open(r.patient, r.patient.id(), r.evidence, Optional.empty()));
        assertRefused("owner-key-retired", () -> region.keys.replace(r.patient.id(), r.letter.letter, r.printed));
        var again = region.new Referral(r.registrar, region.doctor(), r.patient, Digest.of((byte) 55));
        assertRefused(
                "owner-key-retired",
                () -> region.keys.file(
                        r.registrar.id(),
                        region.sign(again.sealed, r.registrar),
                        Map.of(r.registrar.id(), region.slot(), r.patient.id(), r.printed)));
        assertRefused("statement-over", r::confirm);
    }

    @Test
    void whoOfTheSameInstitutionConfirmsIsNoSecondWitness() {
        var r = new Registered();
        var colleague = region.doctor();
        var confirmed = new Statement.ProvisionalConfirmation(
                colleague.id(), r.patient.id(), r.statement.id(), region.clock.instant(), region.nonce());
        assertRefused(
                "confirmation-not-independent",
                () -> region.keys.say(colleague.id(), region.sign(confirmed, colleague)));
    }

    @Test
    void anIdThatNobodyActivatesLapsesAndTheAuthorKeepsTheLetter() {
        var r = new Registered();
        var grant = r.letter.granted();
        long before = region.count("slots");
        region.clock.forward(LIFE.minusSeconds(1));
        region.keys.settle();
        assertEquals(before, region.count("slots"));
        region.clock.forward(Duration.ofSeconds(1));
        region.keys.settle();
        assertEquals(before - 2, region.count("slots"), "the letter's and the picture's for the printed key");
        assertRefused("letter-unknown", () -> r.open(r.patient, r.patient.id(), r.letter.letter, Optional.empty()));
        r.open(r.registrar, r.registrar.id(), r.letter.letter, Optional.empty());
        assertRefused("grant-expired", () -> r.letter.open(grant));
        assertRefused("statement-over", r::confirm);
    }

    @Test
    void aSuspendedRegistrationEndsWhatWasGrantedUnderIt() {
        var r = new Registered();
        var grant = r.letter.granted();
        var suspended = r.letter.ending(r.supervisor.id(), r.statement);
        region.keys.say(r.supervisor.id(), region.sign(suspended, r.supervisor));
        assertRefused("relation-revoked", () -> r.letter.open(grant));
        assertRefused("letter-unknown", () -> r.open(r.patient, r.patient.id(), r.letter.letter, Optional.empty()));
        // the supervisor still sees the picture
        r.open(r.supervisor, r.supervisor.id(), r.evidence, Optional.of(r.statement.id()));
    }

    @Test
    void aRegistrationNeedsTheSlotOfThePrintedKeyAndTheSupervisors() {
        var registrar = region.doctor();
        var r = new Registered();
        var statement = new ProvisionalRegistration(
                registrar.id(),
                r.patient.id(),
                r.supervisor.id(),
                Digest.of((byte) 99),
                Digest.of((byte) 1),
                r.printed.keyId(),
                region.clock.instant(),
                region.clock.instant().plus(LIFE),
                region.nonce());
        var signed = region.sign(statement, registrar);
        assertRefused(
                "slot-missing", () -> region.keys.register(registrar.id(), signed, Map.of(r.patient.id(), r.printed)));
        assertRefused(
                "slot-mismatch",
                () -> region.keys.register(
                        registrar.id(),
                        signed,
                        Map.of(r.patient.id(), region.slot(), r.supervisor.id(), region.slot())));
        assertRefused(
                "statement-signer",
                () -> region.keys.register(r.registrar.id(), signed, Map.of(r.patient.id(), r.printed)));
    }

    @Test
    void aRegistrarsWordWithoutTheAuthoritysRegistersNobody() {
        var registrar = region.doctor();
        var victim = region.letter().patient;
        var supervisor = region.doctor();
        var printed = region.slot();
        var claimed = new ProvisionalRegistration(
                registrar.id(),
                victim.id(),
                supervisor.id(),
                Digest.of((byte) 98),
                Digest.of((byte) 1),
                printed.keyId(),
                region.clock.instant(),
                region.clock.instant().plus(LIFE),
                region.nonce());
        region.refused = claimed.id();
        assertRefused(
                "registration-unknown",
                () -> region.keys.register(
                        registrar.id(),
                        region.sign(claimed, registrar),
                        Map.of(victim.id(), printed, supervisor.id(), region.slot())));
    }

    /// The operator withdrew the registrar, or the suspending device was cut off between the two
    /// servers: nobody said a word to this one.
    @Test
    void whatTheAuthorityEndedFallsWithoutAnybodysWord() {
        var r = new Registered();
        var grant = r.letter.granted();
        r.letter.open(grant);
        region.clock.forward(Duration.ofMinutes(1));
        region.ended.add(r.statement.id());
        region.authorityAway = true;
        region.keys.settle();
        r.letter.open(grant);
        region.authorityAway = false;
        region.keys.settle();
        // what was heard is on this server's disk
        region.ended.clear();
        region.keys.settle();
        assertRefused("relation-revoked", () -> r.letter.open(grant));
        assertRefused("letter-unknown", () -> r.open(r.patient, r.patient.id(), r.letter.letter, Optional.empty()));
        var other = region.doctor();
        var slot = region.slot();
        var fresh = r.letter.grantTo(other, slot);
        assertRefused("not-related", () -> region.keys.grant(r.registrar.id(), region.sign(fresh, r.registrar), slot));
        // the author keeps the letter, the supervisor the picture
        r.open(r.registrar, r.registrar.id(), r.letter.letter, Optional.empty());
        r.open(r.supervisor, r.supervisor.id(), r.evidence, Optional.of(r.statement.id()));
    }

    @Test
    void anActivatedRegistrationThatIsSuspendedLaterFallsToo() {
        var r = new Registered();
        var grant = r.letter.granted();
        r.confirm();
        region.clock.forward(Duration.ofDays(20));
        region.ended.add(r.statement.id());
        region.keys.settle();
        assertRefused("relation-revoked", () -> r.letter.open(grant));
        region.ended.clear();
    }

    @Test
    void aProfessionalConfirmsARegistrationOnceAndNotTooManyDo() {
        var r = new Registered();
        for (int i = 0; i < 21; i++) {
            var by = Pretend.elsewhere(region.doctor().id());
            var first = confirmation(r, by);
            if (i == 20) {
                assertRefused("confirmed-already", () -> region.keys.say(by.id(), region.sign(first, by)));
                return;
            }
            region.keys.say(by.id(), region.sign(first, by));
            region.keys.say(by.id(), region.sign(first, by));
            var again = confirmation(r, by);
            assertRefused("confirmed-already", () -> region.keys.say(by.id(), region.sign(again, by)));
        }
    }

    private Statement.ProvisionalConfirmation confirmation(Registered r, Member.Professional by) {
        return new Statement.ProvisionalConfirmation(
                by.id(), r.patient.id(), r.statement.id(), region.clock.instant(), region.nonce());
    }
}
