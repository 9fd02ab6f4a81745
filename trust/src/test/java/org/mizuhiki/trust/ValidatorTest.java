package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Validator.Purpose;
import org.mizuhiki.trust.issue.Draft;
import org.mizuhiki.trust.issue.Profile;

@ExtendWith(SharedDatabase.class)
class ValidatorTest {
    private static void refused(String code, Region region, List<X509Certificate> chain, Purpose purpose) {
        Refused.with(
                code,
                () -> region.validator().check(chain, purpose, region.clock().instant()));
    }

    @Test
    void aCertificateIsBelievedInItsTimeOnly(Region region) {
        var chain = region.doctor("佐藤 健").certificates().signing();
        var now = region.clock().instant();
        region.validator().check(chain, Purpose.SIGN_RECORD, now.minus(Duration.ofMinutes(4)));
        Refused.with(
                "certificate-not-yet-valid",
                () -> region.validator().check(chain, Purpose.SIGN_RECORD, now.minus(Duration.ofMinutes(6))));
        Refused.with(
                "certificate-expired",
                () -> region.validator().check(chain, Purpose.SIGN_RECORD, now.plus(Duration.ofDays(366))));
    }

    @Test
    void aKeyServesItsOwnPurposeOnly(Region region) {
        var doctor = region.doctor("佐藤 健").certificates();
        refused("certificate-wrong-purpose", region, doctor.signing(), Purpose.TLS_SERVER);
        refused("certificate-wrong-purpose", region, doctor.signing(), Purpose.STAMP);
        refused("certificate-wrong-purpose", region, doctor.signing(), Purpose.SEAL_FOR);
        var sealing = new ArrayList<>(doctor.signing());
        sealing.set(0, doctor.sealing().orElseThrow());
        refused("certificate-wrong-purpose", region, sealing, Purpose.SIGN_RECORD);
        region.validator().check(sealing, Purpose.SEAL_FOR, region.clock().instant());
    }

    @Test
    void revocationEndsWhatComesAfterItAndNotWhatWasBefore(Region region) {
        var doctor = region.doctor("佐藤 健");
        var chain = doctor.certificates().signing();
        region.clock().pass(Duration.ofHours(2));
        var before = region.clock().instant().minus(Duration.ofMinutes(1));
        region.revocation().revoke(doctor.member(), Revocation.Reason.KEY_COMPROMISE);
        region.lists().refresh();
        refused("certificate-revoked", region, chain, Purpose.SIGN_RECORD);
        Refused.with("certificate-revoked", () -> region.lists().check(chain.getFirst()));
        assertEquals(doctor.member(), region.validator().check(chain, Purpose.SIGN_RECORD, before));
    }

    @Test
    @Tag("V1")
    void whenTheListsAreTooOldNobodyIsBelieved(Region region) {
        var chain = region.patient().certificates().signing();
        region.clock().pass(Duration.ofHours(25));
        refused("revocation-unknown", region, chain, Purpose.SIGN_RECORD);
        Refused.with("standing-unknown", () -> region.lists().check(chain.getFirst()));
        region.lists().refresh();
        region.lists().check(chain.getFirst());
    }

    @Test
    void aCertificateBesideTheChainIsRefused(Region region) {
        var chain = new ArrayList<>(region.patient().certificates().signing());
        chain.add(region.patient().certificates().signing().getFirst());
        refused("certificate-untrusted", region, chain, Purpose.SIGN_RECORD);
    }

    /// Nobody reads the enclosed copy of a root, so nobody would notice a change of it.
    @Test
    void anEnclosedRootIsOursToTheBit(Region region) throws Exception {
        var chain = new ArrayList<>(region.patient().certificates().signing());
        var root = region.accreditation().roots().getFirst();
        chain.remove(root);
        chain.add(root);
        region.validator().check(chain, Purpose.SIGN_RECORD, region.clock().instant());
        var changed = root.getEncoded();
        changed[changed.length - 1] ^= 1;
        chain.set(chain.size() - 1, KeyFiles.certificate(Bytes.of(changed)));
        refused("certificate-untrusted", region, chain, Purpose.SIGN_RECORD);
    }

    @Test
    void anOldListDoesNotBringARevokedKeyBack(Region region) {
        var patient = region.patient();
        var own = patient.certificates().signing().getFirst();
        var old = region.authority().published().crl("person");
        region.clock().pass(Duration.ofMinutes(5));
        region.revocation().revoke(patient.member(), Revocation.Reason.KEY_COMPROMISE);
        var replay = new java.util.concurrent.atomic.AtomicBoolean();
        var published = region.authority().published();
        var lists = new RevocationList(
                new Published() {
                    @Override
                    public Bytes certificate(String ca) {
                        return published.certificate(ca);
                    }

                    @Override
                    public Bytes crl(String ca) {
                        return replay.get() && ca.equals("person") ? old : published.crl(ca);
                    }
                },
                region.accreditation().roots(),
                region.clock(),
                Duration.ofHours(24));
        lists.refresh();
        replay.set(true);
        lists.refresh();
        Refused.with("certificate-revoked", () -> lists.check(own));
        lists.close();
    }

    @Test
    void aStrangersRootIsNotBelieved(Region region) {
        try (var other = Region.found(region.database())) {
            refused(
                    "certificate-untrusted",
                    region,
                    other.patient().certificates().signing(),
                    Purpose.SIGN_RECORD);
            Refused.with(
                    "revocation-list-broken",
                    () -> new RevocationList(
                                    other.authority().published(),
                                    region.accreditation().roots(),
                                    region.clock(),
                                    Duration.ofHours(1))
                            .refresh());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void theServerCaCannotMakePersons(Region region) {
        var key = SubjectPublicKeyInfo.getInstance(
                KeyFiles.newKeyPair(Region.DIE).getPublic().getEncoded());
        var draft =
                Draft.of(Profile.PROFESSIONAL, Subjects.of(Region.someDoctor("偽 医師")), key, region.clock(), Region.DIE);
        var forged = region.accreditation().issuer("server").issue(draft, Region.DIE);
        var chain = List.of(forged, region.accreditation().certificate("server"));
        refused("certificate-untrusted", region, chain, Purpose.SIGN_RECORD);
    }

    @Test
    void aSubjectOfAnotherFormNamesNobody(Region region) {
        for (var name :
                List.of("OU=Person,SERIALNUMBER=P-1", "CN=x", "OU=Person,CN=x,OU=Person", "OU=Server,CN=a,CN=b,CN=c")) {
            var key = SubjectPublicKeyInfo.getInstance(
                    KeyFiles.newKeyPair(Region.DIE).getPublic().getEncoded());
            var draft = Draft.of(Profile.PATIENT, new X500Name(name), key, region.clock(), Region.DIE);
            var odd = region.accreditation().issuer("person").issue(draft, Region.DIE);
            refused("certificate-untrusted", region, List.of(odd), Purpose.SIGN_RECORD);
        }
    }

    @Test
    void aNameThatLooksLikeEncodedDataStaysAName(Region region) {
        var doctor = region.doctor("#0c0141");
        assertEquals(
                doctor.member(), Subjects.read(doctor.certificates().signing().getFirst()));
    }

    @Test
    void namesWithControlCharactersAreRefused() {
        for (var name : List.of("", " ", "a\nb", "\u202eabc", "x".repeat(65), " a")) {
            org.junit.jupiter.api.Assertions.assertThrows(Refusal.class, () -> Region.someDoctor(name));
        }
    }
}
