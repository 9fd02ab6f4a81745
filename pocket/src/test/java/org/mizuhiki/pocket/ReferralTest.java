package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Digest;
import org.mizuhiki.ledger.BundleCheck;
import org.mizuhiki.ledger.BundleFile;
import org.mizuhiki.ledger.OfflineEvidenceCheck;
import org.mizuhiki.ledger.PinnedStampRoots;
import org.mizuhiki.trust.Member;

/// Referral case 1 and what surrounds it, through the devices' doors and real servers.
@ExtendWith(World.Given.class)
@Tag("V2")
@Tag("V6")
@Tag("V7")
@Tag("F3")
class ReferralTest {
    @TempDir
    Path folder;

    private static Digest send(World world) {
        world.relate(world.doctorA(), world.patient());
        var pocket = world.doctorA().pocket();
        return pocket.post()
                .send(Letters.draft(pocket, Letters.plain(world.patient().id())))
                .letter();
    }

    @Test
    void aReferralArrivesBitForBitWithItsAttachments(World world) throws Exception {
        var a = world.doctorA();
        var b = world.doctorB();
        world.relate(a, world.patient());
        var letter = Letters.full(world.patient().id(), folder);

        var sent = a.pocket().post().send(Letters.draft(a.pocket(), letter));
        a.pocket().grants().give(sent.letter(), b.id(), Duration.ofDays(30), "referral");
        assertTrue(b.pocket().post().inbox(50, Long.MAX_VALUE).stream()
                .anyMatch(n -> n.letter().equals(sent.letter())));
        var read = b.pocket().reading().open(sent.letter(), "treatment");
        var files = b.pocket().reading().save(read, folder.resolve("out"));

        assertEquals(letter.document(), read.document());
        assertEquals(a.id(), read.author().id());
        assertEquals(2, files.size());
        for (int i = 0; i < files.size(); i++) {
            assertArrayEquals(Files.readAllBytes(letter.attachments().get(i)), Files.readAllBytes(files.get(i)));
        }
        var kinds = read.proofs().stream().map(p -> p.statement().kind()).collect(Collectors.toSet());
        assertEquals(Set.of("letter-sealed", "lateral-grant", "care-relation", "disclosure"), kinds);
    }

    @Test
    void ownerAndAuthorOpenWithoutAGrant(World world) {
        var letter = send(world);
        assertEquals(
                world.patient().id(),
                world.patient().pocket().reading().open(letter, "own").owner());
        assertEquals(
                world.doctorA().id(),
                world.doctorA().pocket().reading().open(letter, "own").author().id());
    }

    @Test
    void aThirdDoctorIsRefused(World world) {
        var letter = send(world);
        world.doctorA().pocket().grants().give(letter, world.doctorB().id(), Duration.ofDays(1), "referral");
        Refused.with("letter-unknown", () -> world.doctorC().pocket().reading().open(letter, "curiosity"));
        Refused.with(
                "letter-unknown",
                () -> world.doctorC()
                        .pocket()
                        .grants()
                        .give(letter, world.doctorC().id(), Duration.ofDays(1), "curiosity"));
    }

    @Test
    void aReaderCannotGrantOn(World world) {
        var letter = send(world);
        world.doctorA().pocket().grants().give(letter, world.doctorB().id(), Duration.ofDays(1), "referral");
        Refused.with(
                "grant-not-onward",
                () -> world.doctorB()
                        .pocket()
                        .grants()
                        .give(letter, world.doctorC().id(), Duration.ofDays(1), "referral"));
    }

    @Test
    void aGrantIsForProfessionalsOnly(World world) {
        var letter = send(world);
        var other = world.somebody(world.newPatient());
        Refused.with(
                "reader-not-professional",
                () -> world.doctorA().pocket().grants().give(letter, other.id(), Duration.ofDays(1), "referral"));
    }

    @Test
    @Tag("V9")
    void afterRevocationNothingMoreIsReleased(World world) {
        var letter = send(world);
        var b = world.doctorB();
        var grant = world.doctorA().pocket().grants().give(letter, b.id(), Duration.ofDays(1), "referral");
        b.pocket().reading().open(letter, "treatment");
        world.doctorA().pocket().grants().revoke(grant, "treatment-ended");
        Refused.with("grant-revoked", () -> {
            try {
                b.pocket().reading().open(letter, "treatment");
            } catch (org.mizuhiki.house.Refusal r) {
                // the store may let go of the envelope before the key server is asked
                throw r.code().equals("blob-unknown")
                        ? org.mizuhiki.house.Refusal.of("grant-revoked", "失効", "gone")
                        : r;
            }
        });
        assertTrue(world.doctorA().pocket().grants().list().stream()
                .anyMatch(g -> g.id().equals(grant) && g.state() == Grants.State.REVOKED));
    }

    @Test
    void thePatientMayTakeAGrantBackToo(World world) {
        var letter = send(world);
        var grant =
                world.doctorA().pocket().grants().give(letter, world.doctorB().id(), Duration.ofDays(1), "referral");
        world.patient().pocket().grants().revoke(grant, "no-longer-wanted");
        assertTrue(world.patient().pocket().grants().list().stream()
                .anyMatch(g -> g.id().equals(grant) && g.state() == Grants.State.REVOKED));
    }

    @Test
    @Tag("V9")
    void thePatientSeesWhoOpenedWhatAndCanProveItOffline(World world) {
        var letter = send(world);
        world.doctorA().pocket().grants().give(letter, world.doctorB().id(), Duration.ofDays(1), "referral");
        world.doctorB().pocket().reading().open(letter, "treatment");

        var openings = world.patient().pocket().trail().openings(letter);
        assertEquals(1, openings.size());
        var opening = openings.getFirst();
        assertEquals(world.doctorB().member(), opening.who());
        assertTrue(opening.who() instanceof Member.Professional);
        assertTrue(opening.doubt().isEmpty());

        var file = BundleFile.write(world.patient().pocket().trail().bundle(letter));
        var trust = world.region.trust();
        var check = new BundleCheck(
                new OfflineEvidenceCheck(world.seals.stamps(), new PinnedStampRoots(trust.roots())),
                signed -> world.seals.records().verify(signed).record().digest());
        var findings = check.check(BundleFile.read(file), trust.log());
        assertEquals(3, findings.size());
        assertTrue(findings.stream().allMatch(BundleCheck.Finding::held));
    }

    @Test
    void withoutACareRelationNothingIsSent(World world) {
        var stranger = world.somebody(world.newPatient());
        var pocket = world.doctorA().pocket();
        var draft = Letters.draft(pocket, Letters.plain(stranger.id()));
        Refused.with("not-related", () -> pocket.post().send(draft));
        assertTrue(stranger.pocket().post().inbox(10, Long.MAX_VALUE).isEmpty());
        // and once the relation stands, the same draft goes out
        world.relate(world.doctorA(), stranger);
        var sent = pocket.post().send(draft);
        assertEquals(stranger.id(), sent.owner());
    }

    @Test
    @Tag("V7")
    void aRelationIsProposedAcceptedListedAndEnded(World world) {
        var doctor = world.doctorC();
        var patient = world.somebody(world.newPatient());
        doctor.pocket().relations().propose(patient.id(), Duration.ofDays(10));
        assertEquals(List.of(Relations.State.PROPOSED), states(patient));
        patient.pocket().relations().accept(doctor.id());
        assertEquals(List.of(Relations.State.STANDING), states(patient));
        patient.pocket().relations().end(doctor.id(), "moved-away");
        assertEquals(List.of(Relations.State.ENDED), states(patient));
        Refused.with("relation-unknown", () -> patient.pocket().relations().end(doctor.id(), "again"));
        Refused.with("proposal-unknown", () -> patient.pocket().relations().accept(doctor.id()));
    }

    private static List<Relations.State> states(World.Player player) {
        return player.pocket().relations().list().stream()
                .map(Relations.Relation::state)
                .toList();
    }

    @Test
    void aPatientCannotProposeAndNobodyCanBeMistyped(World world) {
        Refused.with(
                "statement-not-professional",
                () -> world.patient()
                        .pocket()
                        .relations()
                        .propose(world.doctorA().id(), Duration.ofDays(1)));
        var nobody = org.mizuhiki.house.PersonId.random(world.die);
        Refused.with(
                "person-unknown", () -> world.doctorA().pocket().relations().propose(nobody, Duration.ofDays(1)));
    }

    @Test
    void aDocumentThatIsNoLetterIsNotKept(World world) {
        var bad = new NewLetter(
                world.patient().id(),
                org.mizuhiki.house.Bytes.utf8("{\"resourceType\":\"Patient\"}"),
                List.of(),
                new org.mizuhiki.records.DocumentRules(),
                org.mizuhiki.records.AttachmentReading::check);
        var before = world.doctorA().pocket().post().drafts().size();
        assertTrue(world.doctorA().pocket().post().write(bad) instanceof Written.NotALetter n
                && n.findings().stream().anyMatch(org.mizuhiki.records.Finding::isError));
        assertEquals(before, world.doctorA().pocket().post().drafts().size());
    }
}
