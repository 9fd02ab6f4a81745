package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.KeyServer;
import org.mizuhiki.keys.KeyServer.Filed;

/// A key server that garbles what it was told: nothing that ended looks as if it stood, no opening is
/// hidden.
@ExtendWith(World.Given.class)
@Tag("V6")
@Tag("V7")
class BrokenStatementsTest {
    @SuppressWarnings("unchecked")
    private static Pocket whereGarbled(World world, World.Player player, Class<? extends Statement> kind) {
        var lying = Tampered.with(KeyServer.class, world.region.keys(), (method, _, call) -> {
            var answer = call.call();
            return method.equals("involving") || method.equals("relation")
                    ? ((List<Filed>) answer)
                            .stream()
                                    .map(f -> kind.isInstance(world.checked(f.signed())) ? garbled(f) : f)
                                    .toList()
                    : answer;
        });
        return world.pocket(player, Regions.keys(world.region, lying));
    }

    private static Filed garbled(Filed filed) {
        var bytes = filed.signed().toArray();
        bytes[bytes.length / 3] ^= 4;
        return new Filed(filed.number(), Bytes.of(bytes), filed.receipt());
    }

    private static Digest send(World world, World.Player doctor, World.Player patient) {
        world.relate(doctor, patient);
        return doctor.pocket()
                .post()
                .send(Letters.draft(doctor.pocket(), Letters.plain(patient.id())))
                .letter();
    }

    @Test
    void aGrantWhoseRevocationIsGarbledIsNotShownAsStanding(World world) {
        var doctor = world.somebody(world.newDoctor());
        var patient = world.somebody(world.newPatient());
        var letter = send(world, doctor, patient);
        var reader = world.doctorB().id();
        var grants = doctor.pocket().grants();
        var grant = grants.give(letter, reader, Duration.ofDays(1), "referral");
        grants.revoke(grant, "mistake");
        assertEquals(Grants.State.REVOKED, grants.list().getFirst().state());
        var lied = whereGarbled(world, doctor, Revocation.class);
        var refusal = Refused.with("statements-broken", () -> lied.grants().list());
        assertFalse(refusal.japanese().isBlank());
        // to take a grant back is possible all the same
        var second = grants.give(letter, reader, Duration.ofDays(1), "referral");
        lied.grants().revoke(second, "mistake");
        assertTrue(grants.list().stream().allMatch(g -> g.state() == Grants.State.REVOKED));
    }

    @Test
    void aRelationWhoseEndIsGarbledIsNotTakenForStanding(World world) {
        var doctor = world.somebody(world.newDoctor());
        var patient = world.somebody(world.newPatient());
        world.relate(doctor, patient);
        patient.pocket().relations().end(doctor.id(), "moved");
        var lied = whereGarbled(world, doctor, Revocation.class);
        Refused.with("statements-broken", () -> lied.relations().list());
        var draft = Letters.draft(lied, Letters.plain(patient.id()));
        Refused.with("statements-broken", () -> lied.post().send(draft));
        assertTrue(lied.errands().waiting().isEmpty());
        // nor is a proposal accepted that may have been taken back
        doctor.pocket().relations().propose(patient.id(), Duration.ofDays(3));
        doctor.pocket().relations().end(patient.id(), "mistake");
        var patientLied = whereGarbled(world, patient, Revocation.class);
        Refused.with("statements-broken", () -> patientLied.relations().accept(doctor.id()));
        // to end one that stands is possible all the same
        var second = world.somebody(world.newDoctor());
        world.relate(second, patient);
        patientLied.relations().end(second.id(), "moved");
        assertTrue(patient.pocket().relations().list().stream().allMatch(r -> r.state() == Relations.State.ENDED));
    }

    @Test
    void aGarbledOpeningIsShownWithItsDoubt(World world) {
        var doctor = world.somebody(world.newDoctor());
        var patient = world.somebody(world.newPatient());
        var letter = send(world, doctor, patient);
        doctor.pocket().reading().open(letter, "treatment");
        var honest = patient.pocket().trail();
        assertEquals(1, honest.openings(letter).size());
        assertTrue(honest.broken().isEmpty());
        var trail = whereGarbled(world, patient, Disclosure.class).trail();
        assertTrue(trail.openings(letter).isEmpty());
        assertEquals(1, trail.broken().size());
        var broken = trail.broken(letter).getFirst();
        assertFalse(broken.doubt().code().isBlank());
        assertTrue(broken.number() > 0);
    }

    @Test
    void whatCanBeReadOfABrokenStatementSaysWhatItMayHide() {
        var ended = Bytes.utf8("ended").sha256();
        var other = Bytes.utf8("other").sha256();
        var why = Refusal.of("certificate-revoked", "失効しています", "revoked");
        var revocation = broken(Map.of("kind", "revocation", "ends", ended.hex()), why);
        Refused.with("statements-broken", () -> revocation.mustBeSure(Set.of(other, ended)));
        assertDoesNotThrow(() -> revocation.mustBeSure(Set.of(other)));
        var disclosure = broken(Map.of("kind", "disclosure"), why);
        assertDoesNotThrow(() -> disclosure.mustBeSure(Set.of(other, ended)));
        assertDoesNotThrow(disclosure::mustBeReadable);
        assertTrue(disclosure.broken().getFirst().may("disclosure"));
        var anything = new Said(List.of(), List.of(new Heard.Broken(7, Optional.empty(), why)));
        Refused.with("statements-broken", () -> anything.mustBeSure(Set.of(other)));
        Refused.with("statements-broken", anything::mustBeReadable);
        assertDoesNotThrow(() -> anything.mustBeSure(Set.of()));
    }

    private static Said broken(Map<String, String> record, Refusal why) {
        return new Said(List.of(), List.of(new Heard.Broken(7, Optional.of(Canonical.of(record)), why)));
    }

    @Test
    void moreStatementsThanCanBeReadAreNotTakenForTheWhole(World world) {
        var patient = world.somebody(world.newPatient());
        world.doctorC().pocket().relations().propose(patient.id(), Duration.ofDays(3));
        var one = world.region.keys().involving(patient.id(), 1, Long.MAX_VALUE).getFirst();
        var endless = Tampered.with(KeyServer.class, world.region.keys(), (method, arguments, call) -> {
            if (!method.equals("involving")) {
                return call.call();
            }
            assertEquals(patient.id(), (PersonId) arguments[0]);
            long before = (long) arguments[2];
            return Collections.nCopies((int) arguments[1], one).stream()
                    .map(new Counting(before)::next)
                    .toList();
        });
        var pocket = world.pocket(patient, Regions.keys(world.region, endless));
        Refused.with("statements-too-many", () -> pocket.trail().openings());
        Refused.with("statements-too-many", () -> pocket.relations().list());
        Refused.with("statements-too-many", () -> pocket.grants().list());
    }

    /// Numbers that go down for ever.
    private static final class Counting {
        private long number;

        Counting(long before) {
            this.number = before;
        }

        Filed next(Filed filed) {
            return new Filed(--number, filed.signed(), filed.receipt());
        }
    }
}
