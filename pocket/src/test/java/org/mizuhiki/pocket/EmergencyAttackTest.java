package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.account.EmergencyKey;
import org.mizuhiki.chip.CardAtTerminal;
import org.mizuhiki.chip.SoftCard;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.EmergencyAccess;
import org.mizuhiki.consent.Statement.EmergencyOpening;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.Emergencies;
import org.mizuhiki.keys.KeyServer.Release;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.trust.Member;

/// What opens no emergency: each of the three missing or lying.
@ExtendWith(World.Given.class)
@Tag("F5")
class EmergencyAttackTest {
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final SoftCard CARD = Ward.card();

    private static World.Player allowing(World world, SoftCard card) {
        var patient = world.somebody(world.newPatient());
        world.relate(world.doctorA(), patient);
        var pocket = world.doctorA().pocket();
        pocket.post().send(Letters.draft(pocket, Letters.plain(patient.id())));
        patient.pocket().emergencyPermission(world.emergencyServers()).allow(Ward.withPin(card), YEAR);
        return patient;
    }

    private static EmergencyReading.Opened open(
            World.Player doctor, World.Player patient, CardAtTerminal at, EmergencyServers servers) {
        return doctor.pocket().emergencyReading(servers).open(patient.id(), at, "unconscious", HOUR);
    }

    private static void refused(
            String code, World world, World.Player doctor, World.Player patient, CardAtTerminal at) {
        Refused.with(code, () -> open(doctor, patient, at, world.emergencyServers()));
        assertEquals(
                List.of(),
                patient.pocket()
                        .emergencyPermission(world.emergencyServers())
                        .list()
                        .openings(),
                "nothing was opened");
    }

    private static EmergencyAccess access(World world, World.Player patient) {
        return patient.pocket()
                .emergencyPermission(world.emergencyServers())
                .list()
                .access()
                .orElseThrow();
    }

    @Test
    void withoutThePatientsOwnCardNothingOpens(World world) {
        var patient = allowing(world, CARD);
        var ward = Ward.accredited(world, World.HOSPITAL);
        refused("card-of-other", world, world.doctorC(), patient, ward.with(Ward.card()));
        // a device that lies about it gets no further
        var other = Ward.card();
        var asked = world.emergencyServers().keys().ask(world.doctorC().id(), patient.id());
        var at = ward.with(other);
        var presence = at.presence(asked.nonce());
        var said = opening(world, world.doctorC(), patient, at, presence.digest());
        Refused.with(
                "card-of-other",
                () -> world.emergencyServers()
                        .keys()
                        .open(world.doctorC().id(), sign(world, world.doctorC(), said), presence.encode()));
    }

    private static EmergencyOpening opening(
            World world, World.Player doctor, World.Player patient, CardAtTerminal at, Digest presence) {
        var now = world.clock.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        return new EmergencyOpening(
                doctor.id(),
                patient.id(),
                access(world, patient).id(),
                ((Member.Professional) doctor.member()).institution(),
                at.key().name(),
                presence,
                "unconscious",
                now,
                now.plus(HOUR),
                "0123456789abcdef0123456789abcdef");
    }

    private static Bytes sign(World world, World.Player player, EmergencyOpening said) {
        return world.region.statements().sign(said, player.device().author(), world.region.stamps());
    }

    @Test
    void aTerminalThatIsNotAccreditedForTheReadersOwnInstitutionOpensNothing(World world) {
        var patient = allowing(world, CARD);
        var unknown = new Ward(World.HOSPITAL);
        refused("terminal-not-accredited", world, world.doctorC(), patient, unknown.with(CARD));
        var clinics = Ward.accredited(world, World.CLINIC);
        refused("terminal-not-accredited", world, world.doctorC(), patient, clinics.with(CARD));
        var withdrawn = Ward.accredited(world, World.HOSPITAL);
        world.emergencyTerminals().withdraw(withdrawn.name());
        refused("terminal-not-accredited", world, world.doctorC(), patient, withdrawn.with(CARD));
        var over = new Ward(World.HOSPITAL);
        world.emergencyTerminals().accredit(over.name(), World.HOSPITAL, world.clock.instant());
        refused("terminal-not-accredited", world, world.doctorC(), patient, over.with(CARD));
    }

    @Test
    void nobodyButAProfessionalOpens(World world) {
        var patient = allowing(world, CARD);
        var ward = Ward.accredited(world, World.HOSPITAL);
        var stranger = world.somebody(world.newPatient());
        refused("statement-not-professional", world, stranger, patient, ward.with(CARD));
    }

    @Test
    void nothingIsOpenedTwiceByOneVisit(World world) {
        var patient = allowing(world, CARD);
        var ward = Ward.accredited(world, World.HOSPITAL);
        var doctor = world.doctorC();
        var keys = world.emergencyServers().keys();
        var asked = keys.ask(doctor.id(), patient.id());
        var at = ward.with(CARD);
        var presence = at.presence(asked.nonce());
        var said = sign(world, doctor, opening(world, doctor, patient, at, presence.digest()));
        var share = keys.open(doctor.id(), said, presence.encode()).share();
        assertEquals(share, keys.open(doctor.id(), said, presence.encode()).share(), "the same again");
        // another one over the same visit; another's word; an old visit upon a new nonce
        var next = opening(world, doctor, patient, at, presence.digest());
        var other = new EmergencyOpening(
                next.by(),
                next.patient(),
                next.access(),
                next.institution(),
                next.terminal(),
                next.presence(),
                "again",
                next.at(),
                next.until(),
                next.nonce());
        Refused.with(
                "emergency-not-asked", () -> keys.open(doctor.id(), sign(world, doctor, other), presence.encode()));
        Refused.with("statement-signer", () -> keys.open(world.doctorB().id(), said, presence.encode()));
        keys.ask(doctor.id(), patient.id());
        Refused.with("visit-stale", () -> keys.open(doctor.id(), sign(world, doctor, other), presence.encode()));
        assertEquals(
                1,
                patient.pocket()
                        .emergencyPermission(world.emergencyServers())
                        .list()
                        .openings()
                        .size());
    }

    /// The card's part alone: a terminal in wrong hands that had the card, without the key server.
    @Test
    void cardAndTerminalAloneGiveNothing(World world) {
        var patient = allowing(world, CARD);
        var at = new Ward(World.HOSPITAL).with(CARD);
        at.presence(nonce(world));
        var access = access(world, patient);
        try (var signature = at.signature(EmergencyKey.challenge(patient.id(), access.nonce()))) {
            var guessed = key(world, patient, access, signature, nonce(world));
            assertNotEquals(access.key(), guessed.opener().keyId());
            Refused.with(
                    "emergency-not-allowed",
                    () -> world.emergencyServers().store().enter(world.doctorC().id(), patient.id(), guessed.token()));
        }
    }

    /// The key server's part alone, with all slots: any signature but the card's gives another key.
    @Test
    void theKeyServerAloneGivesNothingAndEveryBitOfEitherPartCounts(World world) {
        var patient = allowing(world, CARD);
        var ward = Ward.accredited(world, World.HOSPITAL);
        var parts = parts(world, patient, ward);
        var access = access(world, patient);
        try (var right = key(world, patient, access, parts.signature(), parts.share())) {
            assertEquals(access.key(), right.opener().keyId());
        }
        everyBit(parts.share(), bent -> key(world, patient, access, parts.signature(), bent));
        everyBit(
                parts.signature().lend(Bytes::of),
                bent -> key(world, patient, access, Secret.taking(bent.toArray()), parts.share()));
        // and it cannot fetch what is closed: the store wants the token
        var readers = world.emergencyServers().store();
        readers.admit(new org.mizuhiki.store.EmergencyReaders.Admission(
                patient.id(), world.doctorB().id(), world.clock.instant().plus(HOUR)));
        var letter = patient.pocket().post().inbox(1, Long.MAX_VALUE).getFirst().letter();
        assertThrows(
                Refusal.class, () -> world.region.store().fetch(world.doctorB().id(), letter));
    }

    private interface Derived {
        EmergencyKey of(Bytes bent);
    }

    private static void everyBit(Bytes part, Derived derived) {
        var raw = part.toArray();
        var right = derived.of(part).opener().keyId();
        for (int bit = 0; bit < raw.length * 8; bit++) {
            raw[bit / 8] ^= (byte) (1 << bit % 8);
            try (var other = derived.of(Bytes.of(raw.clone()))) {
                assertNotEquals(right, other.opener().keyId());
            }
            raw[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    private record Parts(Secret signature, Bytes share) {}

    private static Parts parts(World world, World.Player patient, Ward ward) {
        var doctor = world.doctorC();
        var keys = world.emergencyServers().keys();
        var asked = keys.ask(doctor.id(), patient.id());
        var at = ward.with(CARD);
        var presence = at.presence(asked.nonce());
        var said = sign(world, doctor, opening(world, doctor, patient, at, presence.digest()));
        var share = keys.open(doctor.id(), said, presence.encode()).share();
        return new Parts(
                at.signature(EmergencyKey.challenge(
                        patient.id(), access(world, patient).nonce())),
                share);
    }

    private static EmergencyKey key(
            World world, World.Player patient, EmergencyAccess access, Secret signature, Bytes share) {
        return EmergencyKey.of(signature, patient.id(), access.nonce(), share, world.seals);
    }

    private static Bytes nonce(World world) {
        var fresh = new byte[32];
        world.die.nextBytes(fresh);
        return Bytes.of(fresh);
    }

    /// The key server in wrong hands.
    private static EmergencyServers lying(World world, String method, UnaryOperator<Object> lie) {
        var real = world.emergencyServers();
        return new EmergencyServers(
                Tampered.with(Emergencies.class, real.keys(), (name, _, call) -> {
                    var answer = call.call();
                    return name.equals(method) ? lie.apply(answer) : answer;
                }),
                real.store());
    }

    @Test
    void aKeyServerThatLiesIsNoticed(World world) {
        var patient = allowing(world, CARD);
        var other = allowing(world, Ward.card());
        var ward = Ward.accredited(world, World.HOSPITAL);
        var doctor = world.doctorC();
        // another part
        var share = lying(world, "open", o -> {
            var opened = (Emergencies.Opened) o;
            return new Emergencies.Opened(opened.opening(), nonce(world));
        });
        Refused.with("emergency-key-differs", () -> open(doctor, patient, ward.with(CARD), share));
        // another patient's permission
        var asked = lying(world, "ask", o -> {
            var theirs = world.emergencyServers().keys().ask(doctor.id(), other.id());
            return new Emergencies.Challenge(((Emergencies.Challenge) o).nonce(), theirs.access());
        });
        Refused.with("slot-swapped", () -> open(doctor, patient, ward.with(CARD), asked));
        // an opening that was never logged
        var earlier = world.emergencyServers()
                .keys()
                .standing(patient.id())
                .openings()
                .getFirst();
        var logged = lying(world, "open", o -> new Emergencies.Opened(earlier, ((Emergencies.Opened) o).share()));
        Refused.with("evidence-broken", () -> open(doctor, patient, ward.with(CARD), logged));
        // a key of its own, to which the patient's device would close everything from now on
        var own = world.seals.newReaderKey();
        var standing = lying(world, "standing", o -> {
            var s = (Emergencies.Allowance) o;
            return new Emergencies.Allowance(s.access(), own.publicKey(), s.openings());
        });
        Refused.with(
                "slot-swapped",
                () -> patient.pocket().emergencyPermission(standing).follow());
    }

    @Test
    void aSlotWithAnyBitFlippedOpensNothing(World world) {
        var patient = allowing(world, CARD);
        var ward = Ward.accredited(world, World.HOSPITAL);
        try (var opened = open(world.doctorC(), patient, ward.with(CARD), world.emergencyServers())) {
            var letter = world.doctorC()
                    .pocket()
                    .emergencyReading(world.emergencyServers())
                    .letters(opened)
                    .getFirst();
            for (int bit : new int[] {0, 7, 800, 4000, 8000}) {
                var bent = lying(world, "release", o -> {
                    var r = (Release) o;
                    var raw = r.slot().encoded().toArray();
                    raw[bit / 8] ^= (byte) (1 << bit % 8);
                    return new Release(new Slot(r.slot().keyId(), Bytes.of(raw)), r.disclosure(), r.about());
                });
                assertThrows(
                        Refusal.class,
                        () -> world.doctorC().pocket().emergencyReading(bent).read(opened, letter));
            }
        }
    }

    @Test
    void aDisclosureOpensOnlyByTheReadersOwnOpening(World world) {
        var patient = allowing(world, CARD);
        var ward = Ward.accredited(world, World.HOSPITAL);
        try (var opened = open(world.doctorC(), patient, ward.with(CARD), world.emergencyServers())) {
            var keys = world.emergencyServers().keys();
            var letter = keys.letters(world.doctorC().id(), patient.id(), Digest.ofHash(new byte[32]))
                    .getFirst();
            var by = Optional.of(opened.statement().id());
            // another professional; no opening named; another patient's letter
            Refused.with("emergency-not-allowed", () -> release(world, world.doctorB(), patient, letter, by));
            Refused.with(
                    "disclosure-mismatch", () -> release(world, world.doctorC(), patient, letter, Optional.empty()));
            var other = allowing(world, Ward.card());
            var theirs =
                    other.pocket().post().inbox(1, Long.MAX_VALUE).getFirst().letter();
            Refused.with("letter-unknown", () -> release(world, world.doctorC(), patient, theirs, by));
            Refused.with("emergency-not-allowed", () -> release(world, world.doctorC(), other, theirs, by));
            assertFalse(
                    release(world, world.doctorC(), patient, letter, by).about().isEmpty());
        }
    }

    private static Release release(
            World world, World.Player doctor, World.Player patient, Digest letter, Optional<Digest> by) {
        var now = world.clock.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        var said = new Disclosure(
                doctor.id(), patient.id(), letter, by, "emergency", now, "fedcba9876543210fedcba9876543210");
        var signed = world.region.statements().sign(said, doctor.device().author(), world.region.stamps());
        return world.emergencyServers().keys().release(doctor.id(), signed);
    }
}
