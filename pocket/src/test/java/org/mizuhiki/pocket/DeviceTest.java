package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.KeyServer;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Registrar;
import org.mizuhiki.trust.Revocation;

/// The folder that is a person's device, and what can be wrong with it.
@ExtendWith(World.Given.class)
@Tag("V2")
@Tag("F3")
class DeviceTest {
    @TempDir
    Path folder;

    private Device create(World world, Member member, Region region) {
        return Device.create(
                folder.resolve("device"), region, world.ticket(member), World.passphrase(), world.seals, world.clock);
    }

    @Test
    void keysAreOnDiskOnlyUnderThePassphraseAndForTheOwnersEyes(World world) throws Exception {
        try (var device = create(world, world.newPatient(), world.region)) {
            var key = device.author().key().getEncoded();
            var seed = device.opener().seed().lend(byte[]::clone);
            try (var files = Files.walk(folder)) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
                    var content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                    assertFalse(content.contains(new String(seed, StandardCharsets.ISO_8859_1)));
                    assertFalse(content.contains(new String(key, key.length - 32, 32, StandardCharsets.ISO_8859_1)));
                }
            }
        }
        try (var again = Device.open(folder.resolve("device"), World.passphrase(), world.seals)) {
            assertTrue(again.id().value().startsWith("P-"));
        }
    }

    @Test
    void aWrongPassphraseAndAMissingDeviceAreToldApart(World world) {
        create(world, world.newPatient(), world.region).close();
        var wrong = Secret.taking(Bytes.utf8("not the passphrase").toArray());
        Refused.with("passphrase-wrong", () -> Device.open(folder.resolve("device"), wrong, world.seals));
        Refused.with("device-missing", () -> Device.open(folder.resolve("nowhere"), World.passphrase(), world.seals));
        Refused.with("device-exists", () -> create(world, world.newPatient(), world.region));
    }

    @Test
    void aShortPassphraseIsRefusedBeforeTheTicketIsUsed(World world) {
        var ticket = world.ticket(world.newPatient());
        var weak = Secret.taking(Bytes.utf8("short").toArray());
        Refused.with(
                "passphrase-short",
                () -> Device.create(folder.resolve("device"), world.region, ticket, weak, world.seals, world.clock));
        Device.create(folder.resolve("device"), world.region, ticket, World.passphrase(), world.seals, world.clock)
                .close();
    }

    @Test
    void aDamagedKeyringIsRefusedClearly(World world) throws Exception {
        create(world, world.newPatient(), world.region).close();
        var file = folder.resolve("device/keyring");
        var good = Files.readAllBytes(file);
        for (int at : new int[] {0, good.length / 2, good.length - 1}) {
            var bad = good.clone();
            bad[at] ^= 1;
            Files.write(file, bad);
            var refusal = org.junit.jupiter.api.Assertions.assertThrows(
                    Refusal.class, () -> Device.open(folder.resolve("device"), World.passphrase(), world.seals));
            assertTrue(java.util.Set.of("passphrase-wrong", "box-malformed").contains(refusal.code()), refusal.code());
        }
        Files.write(file, java.util.Arrays.copyOf(good, good.length / 2));
        org.junit.jupiter.api.Assertions.assertThrows(
                Refusal.class, () -> Device.open(folder.resolve("device"), World.passphrase(), world.seals));
    }

    @Test
    void aLostAnswerDoesNotWasteTheTicket(World world) {
        var member = world.newPatient();
        var ticket = world.ticket(member);
        var lossy = Tampered.with(Enrolment.class, world.region.enrolment(), (_, _, call) -> {
            call.call();
            throw Refusal.of("peer-unreachable", "届きません", "nobody answers");
        });
        var region = enrolling(world.region, lossy);
        Refused.with(
                "peer-unreachable",
                () -> Device.create(
                        folder.resolve("device"), region, ticket, World.passphrase(), world.seals, world.clock));
        try (var device = Device.create(
                folder.resolve("device"), world.region, ticket, World.passphrase(), world.seals, world.clock)) {
            assertEquals(member.identity(), device.id().value());
        }
    }

    @Test
    void certificatesForAnotherKeyAreNotTaken(World world) {
        var other = world.doctorC().device();
        var lying = Tampered.with(
                Enrolment.class,
                world.region.enrolment(),
                (_, _, _) -> new Enrolment.Enrolled(other.author().chain(), java.util.Optional.of(other.sealing())));
        Refused.with("certificate-not-mine", () -> create(world, world.newPatient(), enrolling(world.region, lying)));
    }

    private static Region enrolling(Region r, Enrolment enrolment) {
        return new Region(
                r.keys(),
                r.store(),
                r.directory(),
                enrolment,
                r.ledger(),
                r.stamps(),
                r.validator(),
                r.evidenceCheck(),
                r.directoryCheck(),
                r.statements(),
                r.statute(),
                r.trust());
    }

    @Test
    void aWrongClockIsToldBeforeAnythingLeavesTheDevice(World world) {
        world.relate(world.doctorA(), world.patient());
        var clock = new MovableClock();
        var pocket = new Pocket(world.doctorA().device(), world.region, clock, world.die);
        var draft = Letters.draft(pocket, Letters.plain(world.patient().id()));
        for (long minutes : new long[] {-2 * 24 * 60, -10, 10, 2 * 24 * 60}) {
            clock.shift(Duration.ofMinutes(minutes));
            var refusal = Refused.with("device-clock", () -> pocket.post().send(draft));
            assertTrue(refusal.japanese().contains("時計"));
            assertTrue(pocket.errands().waiting().isEmpty());
        }
        clock.shift(Duration.ZERO);
        pocket.post().send(draft);
    }

    @Test
    void aRevokedSignerSendsNothing(World world) {
        var doctor = world.somebody(world.newDoctor());
        world.relate(doctor, world.patient());
        var draft = Letters.draft(doctor.pocket(), Letters.plain(world.patient().id()));
        world.authority
                .revocation(new Registrar.Operator())
                .revoke(doctor.member(), Revocation.Reason.PRIVILEGE_WITHDRAWN);
        world.revocations.refresh();
        Refused.with("certificate-revoked", () -> doctor.pocket().post().send(draft));
        assertTrue(doctor.pocket().errands().waiting().isEmpty());
    }

    @Test
    void anExpiredReaderIsNotSealedFor(World world) {
        world.relate(world.doctorA(), world.patient());
        var pocket = world.doctorA().pocket();
        var letter = pocket.post()
                .send(Letters.draft(pocket, Letters.plain(world.patient().id())))
                .letter();
        var late = new MovableClock();
        late.shift(Duration.ofDays(4000));
        var r = world.region;
        var check = new org.mizuhiki.trust.DirectoryCheck(
                r.validator(), r.evidenceCheck(), r.trust().log(), late);
        var region = new Region(
                r.keys(),
                r.store(),
                r.directory(),
                r.enrolment(),
                r.ledger(),
                r.stamps(),
                r.validator(),
                r.evidenceCheck(),
                check,
                r.statements(),
                r.statute(),
                r.trust());
        Refused.with(
                "certificate-expired",
                () -> world.pocket(world.doctorA(), region)
                        .grants()
                        .give(letter, world.doctorB().id(), Duration.ofDays(1), "referral"));
    }

    @Test
    void aDamagedOutboxOrDraftIsRefusedAndHoldsUpNothingElse(World world) throws Exception {
        var doctor = world.somebody(world.newDoctor());
        world.relate(doctor, world.patient());
        var draft = Letters.draft(doctor.pocket(), Letters.plain(world.patient().id()));
        var second =
                Letters.draft(doctor.pocket(), Letters.plain(world.patient().id()));
        var away = Tampered.with(KeyServer.class, world.region.keys(), (method, _, call) -> {
            if (method.equals("file")) {
                throw Refusal.of("peer-unreachable", "届きません", "nobody answers");
            }
            return call.call();
        });
        var offline = world.pocket(doctor, Regions.keys(world.region, away));
        Refused.with("peer-unreachable", () -> offline.post().send(draft));
        Refused.with("peer-unreachable", () -> offline.post().send(second));

        flip(doctor.device().folder().resolve("outbox").resolve(draft).resolve("errand"));
        var pushed = doctor.pocket().errands().push();
        assertEquals(java.util.List.of(second), pushed.done());
        assertEquals(
                "outbox-damaged",
                java.util.Objects.requireNonNull(pushed.held().get(draft)).code());
        assertEquals("damaged", doctor.pocket().errands().waiting().getFirst().kind());
        doctor.pocket().errands().drop(draft);

        var third = Letters.draft(doctor.pocket(), Letters.plain(world.patient().id()));
        flip(doctor.device().folder().resolve("drafts").resolve(third).resolve("draft"));
        Refused.with("draft-damaged", () -> doctor.pocket().post().send(third));
    }

    private static void flip(Path file) throws Exception {
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void nothingOnTheDeviceIsReadableWithoutItsKeys(World world) throws Exception {
        var doctor = world.somebody(world.newDoctor());
        world.relate(doctor, world.patient());
        Letters.draft(doctor.pocket(), Letters.full(world.patient().id(), folder));
        var found = new ArrayList<Path>();
        try (var files = Files.walk(doctor.device().folder())) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
                if (text.contains("resourceType") || text.contains("%PDF") || text.contains("DICM")) {
                    found.add(file);
                }
            }
        }
        assertTrue(found.isEmpty(), found.toString());
    }
}
