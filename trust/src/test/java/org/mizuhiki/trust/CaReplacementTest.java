package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.ledger.LogKeys;
import org.mizuhiki.trust.CaReplacement.Because;
import org.mizuhiki.trust.Validator.Purpose;

/// A CA's key is stolen, another's is lost; with a database of its own, as both end everything of a CA.
@Tag("V1")
@Tag("D15")
class CaReplacementTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    static Path folder;

    private static Database database;

    @BeforeAll
    static void databaseComesUp() throws Exception {
        // PostgreSQL runs as nobody when the tests run as root, and has to get in
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var config = DatabaseConfig.embedded(folder.resolve("rows"), folder.resolve("bin"));
        database = Databases.open(config, PostgresAuthority.MIGRATIONS, Region.DIE);
    }

    @AfterAll
    static void databaseGoesDown() {
        database.close();
    }

    /// As after a stop, a replacement and a start.
    private static Region restarted(Region before) {
        before.authority().close();
        var accreditation = Accreditation.open(before.folder(), Region.DIE);
        var authority = new PostgresAuthority(accreditation, database, before.ledger(), before.clock(), Region.DIE);
        var log = new LogKeys("memory", Bytes.of(), Bytes.of(), Map.of(), 0);
        var trust = new RegionTrust("みずひき", accreditation.roots(), Optional.of(accreditation.quantumSafeRoot()), log);
        var lists = new RevocationList(authority.published(), trust, before.clock(), Duration.ofHours(24));
        lists.refresh();
        var validator = new PathValidator(accreditation.roots(), lists);
        return new Region(
                before.folder(), before.clock(), accreditation, before.ledger(), database, authority, lists, validator);
    }

    private static String replaced(Region region, CaName ca, Because because) {
        var root = region.folder().resolve("root");
        return new CaReplacement(
                        region.folder(),
                        SigningKeys.inFolder(root, Region.DIE),
                        root.resolve("root-ml-dsa-65.key"),
                        region.clock(),
                        Region.DIE)
                .replace(ca, because);
    }

    private static X509Certificate own(Region.Enrolled of) {
        return of.certificates().signing().getFirst();
    }

    private static Enrolment.Enrolled renewed(Region region, Region.Enrolled of) {
        var request = EnrolmentRequests.person(
                KeyFiles.newKeyPair(Region.DIE), of.sealing().publicKey());
        return region.authority()
                .renewals()
                .renew(Renewals.Asked.of(of.signing().getPrivate(), own(of), request));
    }

    /// Rows of people whom nobody plays here.
    private static void crowd(int count) {
        database.inTransaction(rows -> rows.execute("""
                        insert into ticket (id, kind, identity, name, registrar, salt, hash, expires)
                        select 'crowd' || n, 'person', 'crowd' || n, '', 'operator', '', '', now()
                        from generate_series(1, ?) n""", count) + rows.execute("""
                        insert into certificate (ca, part, serial, kind, identity, use, der, ends, ticket)
                        select 'person', n % 128, lpad(to_hex(n * 1000003::bigint), 32, '5'), 'person', 'crowd' || n,
                            'signing', '', now() + interval '1 year', 'crowd' || n from generate_series(1, ?) n""", count));
    }

    private static int standing() {
        return database.inTransaction(
                rows -> rows.createQuery("select count(*) from certificate where ca = 'person' and revoked is null")
                        .mapTo(Integer.class)
                        .one());
    }

    @Test
    void aStolenKeyEndsAllThatItIssuedAndEverybodyGetsTheNextCertificate() throws Exception {
        var region = restarted(Region.found(database));
        var doctor = region.doctor("山田 花子");
        var thief = region.patient();
        var unlucky = region.patient();
        region.revocation().revoke(thief.member(), Revocation.Reason.KEY_COMPROMISE);
        crowd(2 * CaErrands.BATCH + 500);
        var before = region.clock().instant();
        region.clock().pass(Duration.ofHours(1));
        var status = StatusRequests.about(region, own(doctor));
        assertEquals("good", StatusRequests.read(region.revocation().ocsp(status)));

        // 1. declared: nothing is believed and nothing is issued from this moment
        var errands = region.authority().errands();
        errands.begin("person", "操作 太郎", "HSM stolen");
        assertEquals("revoked", StatusRequests.read(region.revocation().ocsp(status)));
        var late = region;
        Refused.with("ca-unavailable", () -> late.patient());
        Refused.with("ca-unavailable", () -> renewed(late, doctor));
        var clinic = new Member.Institution(Region.CLINIC, "みずひき診療所");
        late.operator()
                .enrol(late.operator().ticket(clinic, DAY), EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE)));
        Refused.with("ca-unavailable", () -> late.authority().registrarCas().create(clinic, 1, DAY));

        // 2. killed in the middle: the next start goes on where it stopped
        assertTrue(errands.step("person"));
        assertTrue(standing() > 0);
        region = restarted(region);
        region.authority().errands().run();
        assertEquals(0, standing());
        var progress = region.authority().caRevocation().progress().getFirst();
        assertEquals(2 * CaErrands.BATCH + 500 + 4, progress.revoked()); // and the doctor's and the patient's two each
        assertTrue(progress.finished().isPresent());

        // 3. who loses their phone now is revoked for it
        region.revocation().revoke(unlucky.member(), Revocation.Reason.KEY_COMPROMISE);
        // 4. a new key, certified by the root
        assertEquals("person-2", replaced(region, CaName.PERSON, Because.COMPROMISED));
        region = restarted(region);
        assertTrue(region.lists().isOfRetiredCa(own(doctor)));
        believedNoMore(region, doctor, before);

        assertFalse(region.authority().published().standing().contains("person"));
        // 5. everybody whose own key is as good as before has the next certificate at once
        var next = renewed(region, doctor);
        region.lists().refresh();
        assertFalse(region.lists().isOfRetiredCa(next.signing().getFirst()));
        var now = region.clock().instant();
        assertEquals(doctor.member(), region.validator().check(next.signing(), Purpose.SIGN_RECORD, now));
        assertEquals(
                next.signing(), region.authority().directory().find(doctor.id()).signing());
        var again = region;
        Refused.with("certificate-revoked", () -> renewed(again, thief));
        Refused.with("certificate-revoked", () -> renewed(again, unlucky));
        opensslAgrees(region, doctor, next);
        region.close();
    }

    private static void believedNoMore(Region region, Region.Enrolled doctor, java.time.Instant before) {
        var chain = doctor.certificates().signing();
        var now = region.clock().instant();
        Refused.with("certificate-revoked", () -> region.validator().check(chain, Purpose.SIGN_RECORD, now));
        // what was signed and stamped before the theft stays what it was
        assertEquals(doctor.member(), region.validator().check(chain, Purpose.SIGN_RECORD, before));
    }

    private static void opensslAgrees(Region region, Region.Enrolled doctor, Enrolment.Enrolled next) throws Exception {
        var there = Files.createDirectory(folder.resolve("openssl"));
        var openssl = new OpenSsl(there);
        var published = region.authority().published();
        KeyFiles.writeChain(there.resolve("root.pem"), region.accreditation().roots());
        KeyFiles.writeChain(there.resolve("old.pem"), List.of(own(doctor)));
        KeyFiles.writeChain(there.resolve("new.pem"), next.signing().subList(0, 1));
        KeyFiles.writeChain(
                there.resolve("cas.pem"),
                List.of(
                        region.accreditation().certificate("person"),
                        region.accreditation().certificate("person-2")));
        var pem = new StringBuilder();
        for (var ca : List.of("root", "person", "person-2")) {
            openssl.write("list.crl", published.crl(ca).toArray());
            openssl.run("crl", "-inform", "DER", "-in", "list.crl", "-out", "list.pem");
            pem.append(Files.readString(there.resolve("list.pem")));
        }
        Files.writeString(there.resolve("lists.pem"), pem);
        var now = Long.toString(region.clock().instant().getEpochSecond());
        var verify = List.of(
                "verify",
                "-CAfile",
                "root.pem",
                "-untrusted",
                "cas.pem",
                "-crl_check_all",
                "-CRLfile",
                "lists.pem",
                "-attime",
                now);
        assertTrue(run(openssl, verify, "old.pem").contains("certificate revoked"));
        assertTrue(run(openssl, verify, "new.pem").contains("new.pem: OK"));
    }

    private static String run(OpenSsl openssl, List<String> words, String last) throws Exception {
        var all = new java.util.ArrayList<>(words);
        all.add(last);
        return openssl.run(all.toArray(String[]::new));
    }

    private record Device(Member.Device member, KeyPair key, List<X509Certificate> chain) {
        static Device enrolled(Region region, String serial) {
            var device = new Member.Device("acme", "R-1", serial);
            var key = KeyFiles.newKeyPair(Region.DIE);
            var ticket = region.operator().ticket(device, DAY);
            return new Device(
                    device,
                    key,
                    region.operator()
                            .enrol(ticket, EnrolmentRequests.server(key), Region.ANY_CHIP)
                            .signing());
        }

        String checked(Region region) {
            var now = region.clock().instant();
            return region.validator().check(chain, Purpose.TLS_CLIENT, now).identity();
        }
    }

    @Test
    void aLostKeyLeavesItsCertificatesGoodAndRevocable() throws Exception {
        var region = restarted(Region.found(database));
        var kept = Device.enrolled(region, "kept");
        var stolen = Device.enrolled(region, "stolen");
        region.authority().close();
        Files.delete(region.folder().resolve("authority").resolve("device.key"));

        assertEquals("device-2", replaced(region, CaName.DEVICE, Because.LOST));
        region = restarted(region);
        assertEquals("acme/R-1/kept", kept.checked(region));
        assertTrue(region.lists().isOfRetiredCa(kept.chain().getFirst()));
        // 1. new ones come of the new key
        var fresh = Device.enrolled(region, "fresh");
        assertEquals("acme/R-1/fresh", fresh.checked(region));
        assertEquals(
                region.accreditation().certificate("device-2").getSubjectX500Principal(),
                fresh.chain().getFirst().getIssuerX500Principal());
        // 2. an old one can still be revoked: the new key tells it instead
        region.revocation().revoke(stolen.member(), Revocation.Reason.KEY_COMPROMISE);
        region.lists().refresh();
        var now = region;
        Refused.with("certificate-revoked", () -> stolen.checked(now));
        assertEquals("acme/R-1/kept", kept.checked(region));
        assertEquals("good", status(region, kept));
        assertEquals("revoked", status(region, stolen));
        // 3. and is renewed at once
        var next = kept.key();
        var asked = Renewals.Asked.of(kept.key().getPrivate(), kept.chain().getFirst(), EnrolmentRequests.server(next));
        assertEquals(
                fresh.chain().getFirst().getIssuerX500Principal(),
                region.authority().renewals().renew(asked).signing().getFirst().getIssuerX500Principal());
        Refused.with(
                "renewal-too-early",
                () -> now.authority()
                        .renewals()
                        .renew(Renewals.Asked.of(
                                fresh.key().getPrivate(), fresh.chain().getFirst(), EnrolmentRequests.server(next))));
        region.close();
    }

    /// By the status signer of the old key, which was not lost.
    private static String status(Region region, Device device) throws Exception {
        var serial = device.chain().getFirst().getSerialNumber();
        var request = StatusRequests.builder(region, "device", serial).build().getEncoded();
        return StatusRequests.read(region.revocation().ocsp(Bytes.of(request)));
    }

    /// The list of one CA must not hide what another's tells.
    @Test
    void aListInsteadIsTakenForItsOwnCaOnly() throws Exception {
        var region = restarted(Region.found(database));
        region.authority().close();
        for (var ca : List.of(CaName.DEVICE, CaName.SERVICE)) {
            Files.delete(region.folder().resolve("authority").resolve(ca.text() + ".key"));
            replaced(region, ca, Because.LOST);
        }
        region = restarted(region);
        var published = region.authority().published();
        var swapped = new Published() {
            @Override
            public Bytes certificate(String ca) {
                return published.certificate(ca);
            }

            @Override
            public Bytes crl(String ca) {
                return published.crl(ca.equals("device") ? "device-2" : ca);
            }

            @Override
            public Optional<CaList> caList() {
                return published.caList();
            }
        };
        var lists = new RevocationList(swapped, region.accreditation().roots(), region.clock(), DAY);
        Refused.with("revocation-list-broken", lists::refresh);
        region.close();
    }

    @Test
    void withoutTheRootsKeysNothingIsReplaced() throws Exception {
        var region = Region.found(database);
        var other = Region.found(database);
        var before = region.accreditation().caList();
        var root = other.folder().resolve("root");
        var wrong = new CaReplacement(
                region.folder(),
                SigningKeys.inFolder(root, Region.DIE),
                root.resolve("root-ml-dsa-65.key"),
                region.clock(),
                Region.DIE);
        Refused.with("ca-list-forged", () -> wrong.replace(CaName.SERVER, Because.LOST));
        Refused.with("ca-unknown", () -> wrong.replace(CaName.ROOT, Because.LOST));
        assertEquals(before, region.accreditation().caList());
        assertFalse(Files.exists(region.folder().resolve("authority").resolve("server-2.crt")));
        region.close();
        other.close();
    }
}
