package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.trust.Validator.Purpose;

@ExtendWith(SharedDatabase.class)
@Tag("V1")
@Tag("V4")
class RenewalTest {
    private static final Duration DAY = Duration.ofDays(1);

    /// What a member holds.
    private record Held(KeyPair key, List<X509Certificate> chain) {
        X509Certificate own() {
            return chain.getFirst();
        }
    }

    private static Held first(Region region, Member member) {
        var key = KeyFiles.newKeyPair(Region.DIE);
        var ticket = region.operator().ticket(member, DAY);
        return new Held(
                key,
                region.operator()
                        .enrol(ticket, EnrolmentRequests.server(key), Region.ANY_CHIP)
                        .signing());
    }

    private static Held renewed(Region region, Held held, KeyPair next) {
        var asked = Renewals.Asked.of(held.key().getPrivate(), held.own(), EnrolmentRequests.server(next));
        return new Held(next, region.authority().renewals().renew(asked).signing());
    }

    /// Day by day for three years, renewing when it is due; at every moment what is held must hold.
    private static int liveThreeYears(Region region, Member member, Purpose purpose, boolean sameKey) {
        var held = first(region, member);
        int renewals = 0;
        for (int day = 0; day < 3 * 365; day++) {
            region.clock().pass(DAY);
            if (Renewal.due(held.own(), region.clock())) {
                var before = held;
                held = renewed(region, held, sameKey ? held.key() : KeyFiles.newKeyPair(Region.DIE));
                renewals++;
                region.lists().refresh();
                // both are good: whoever has not heard of the new one yet notices nothing
                for (var one : List.of(before, held)) {
                    assertEquals(
                            member,
                            region.validator()
                                    .check(one.chain(), purpose, region.clock().instant()));
                }
            }
            assertTrue(held.own()
                    .getNotAfter()
                    .toInstant()
                    .isAfter(region.clock().instant().plus(DAY)));
        }
        return renewals;
    }

    @Test
    void aServerLivesThreeYearsOnNinetyDayCertificates(Region region) {
        assertEquals(
                18,
                liveThreeYears(region, new Member.Server("store", "three.years.example"), Purpose.TLS_SERVER, false));
    }

    @Test
    void anInstitutionLivesThreeYears(Region region) {
        var clinic = new Member.Institution(new InstitutionCode("2312345678"), "三年医院");
        assertEquals(4, liveThreeYears(region, clinic, Purpose.TLS_CLIENT, false));
    }

    @Test
    @Tag("V3")
    void aDeviceKeepsTheKeyOfItsChipForThreeYears(Region region) {
        var router = new Member.Device("acme", "R-1", Long.toHexString(Region.DIE.nextLong()));
        assertEquals(2, liveThreeYears(region, router, Purpose.TLS_CLIENT, true));
    }

    @Test
    void aPersonLivesThreeYearsAndOldSignaturesAndLettersStayGood(Region region) {
        var doctor = region.doctor("三年 花子");
        var signing = doctor.signing();
        var enrolled = doctor.certificates();
        var employer = first(region, employer(doctor.member())); // who renews, too, or its people could not
        var firstChain = enrolled.signing();
        var signedAt = region.clock().instant();
        int renewals = 0;
        for (int day = 0; day < 3 * 365; day++) {
            region.clock().pass(DAY);
            if (Renewal.due(employer.own(), region.clock())) {
                employer = renewed(region, employer, KeyFiles.newKeyPair(Region.DIE));
            }
            var own = enrolled.signing().getFirst();
            if (Renewal.due(own, region.clock())) {
                var next = KeyFiles.newKeyPair(Region.DIE);
                var request = EnrolmentRequests.person(next, doctor.sealing().publicKey());
                enrolled = region.authority().renewals().renew(Renewals.Asked.of(signing.getPrivate(), own, request));
                signing = next;
                renewals++;
                region.lists().refresh();
                var listing = region.authority().directory().find(doctor.id());
                assertEquals(enrolled.signing(), listing.signing());
                // a letter for the first year's key and one for today's open with the same key
                assertEquals(
                        doctor.sealing().publicKey(),
                        region.directoryCheck().check(doctor.id(), listing).publicKey());
            }
        }
        assertEquals(4, renewals);
        assertEquals(4, region.authority().directory().past(doctor.id()).size());
        region.lists().refresh();
        // what was signed in the first year is checked at its stamp's time
        assertEquals(doctor.member(), region.validator().check(firstChain, Purpose.SIGN_RECORD, signedAt));
    }

    private static Member employer(Member professional) {
        return professional instanceof Member.Professional p
                ? new Member.Institution(p.institution(), p.institutionName())
                : fail("not a professional");
    }

    @Test
    void aPersonMakesANewSigningKeyEachTimeAndMayChangeTheSealingKey(Region region) {
        var patient = region.patient();
        var own = patient.certificates().signing().getFirst();
        region.clock().pass(Duration.ofDays(300));
        var same = EnrolmentRequests.person(patient.signing(), patient.sealing().publicKey());
        Refused.with(
                "key-unfit",
                () -> region.authority()
                        .renewals()
                        .renew(Renewals.Asked.of(patient.signing().getPrivate(), own, same)));
        var fresh = Region.someRequest();
        var enrolled = region.authority()
                .renewals()
                .renew(Renewals.Asked.of(patient.signing().getPrivate(), own, fresh));
        assertEquals(
                fresh.sealing().orElseThrow(),
                XWingKeys.publicKey(enrolled.sealing().orElseThrow()));
        // nobody else's sealing key is taken
        var other = region.patient();
        var stolen = EnrolmentRequests.person(
                KeyFiles.newKeyPair(Region.DIE), other.sealing().publicKey());
        Refused.with(
                "key-unfit",
                () -> region.authority()
                        .renewals()
                        .renew(Renewals.Asked.of(patient.signing().getPrivate(), own, stolen)));
    }

    @Test
    void nobodyRenewsTooEarlyTooLateOrTooOften(Region region) {
        var held = first(region, new Member.Server("store", "early.example"));
        Refused.with("renewal-too-early", () -> renewed(region, held, KeyFiles.newKeyPair(Region.DIE)));
        region.clock().pass(Duration.ofDays(60));
        var serials = new HashSet<java.math.BigInteger>();
        for (int i = 0; i < Renewal.MOST; i++) {
            serials.add(
                    renewed(region, held, KeyFiles.newKeyPair(Region.DIE)).own().getSerialNumber());
        }
        assertEquals(Renewal.MOST, serials.size());
        Refused.with("renewal-too-often", () -> renewed(region, held, KeyFiles.newKeyPair(Region.DIE)));
        var late = first(region, new Member.Server("store", "late.example"));
        region.clock().pass(Duration.ofDays(90).plus(Renewal.GRACE).plus(DAY));
        Refused.with("certificate-expired", () -> renewed(region, late, KeyFiles.newKeyPair(Region.DIE)));
    }

    @Test
    void aCertificateThatHasJustExpiredIsRenewed(Region region) {
        var held = first(region, new Member.Server("store", "holiday.example"));
        region.clock().pass(Duration.ofDays(100));
        assertNotEquals(
                held.own().getSerialNumber(),
                renewed(region, held, held.key()).own().getSerialNumber());
    }

    @Test
    void aPhoneFromADrawerDoesNotTakeOverFromTheOneThatCameAfterIt(Region region) {
        var patient = region.patient();
        var old = patient.certificates().signing().getFirst();
        region.clock()
                .pass(Duration.between(
                                region.clock().instant(), old.getNotAfter().toInstant())
                        .plus(DAY));
        var today = region.enrolled(patient.member());
        var request = EnrolmentRequests.person(
                KeyFiles.newKeyPair(Region.DIE), patient.sealing().publicKey());
        var asked = Renewals.Asked.of(patient.signing().getPrivate(), old, request);
        Refused.with("certificate-expired", () -> region.authority().renewals().renew(asked));
        var listing = region.authority().directory().find(patient.id());
        assertEquals(today.certificates().signing(), listing.signing());
    }

    @Test
    void aRevokedCertificateIsNeverRenewed(Region region) {
        var member = new Member.Server("store", "revoked.renewal.example");
        var held = first(region, member);
        region.clock().pass(Duration.ofDays(60));
        region.revocation().revoke(member, Revocation.Reason.KEY_COMPROMISE);
        Refused.with("certificate-revoked", () -> renewed(region, held, KeyFiles.newKeyPair(Region.DIE)));
    }

    @Test
    void revokingAMemberEndsRenewedCertificatesToo(Region region) {
        var member = new Member.Server("store", "all.revoked.example");
        var held = first(region, member);
        region.clock().pass(Duration.ofDays(60));
        var next = renewed(region, held, KeyFiles.newKeyPair(Region.DIE));
        region.revocation().revoke(member, Revocation.Reason.KEY_COMPROMISE);
        region.lists().refresh();
        for (var one : List.of(held, next)) {
            Refused.with("certificate-revoked", () -> region.lists().check(one.own()));
        }
    }

    @Test
    void aLostAnswerIsGivenAgain(Region region) {
        var held = first(region, new Member.Server("store", "again.example"));
        region.clock().pass(Duration.ofDays(60));
        var next = KeyFiles.newKeyPair(Region.DIE);
        var asked = Renewals.Asked.of(held.key().getPrivate(), held.own(), EnrolmentRequests.server(next));
        var once = region.authority().renewals().renew(asked);
        assertEquals(once, region.authority().renewals().renew(asked));
    }

    @Test
    void onlyTheHolderOfTheCurrentKeyRenews(Region region) {
        var held = first(region, new Member.Server("store", "thief.example"));
        region.clock().pass(Duration.ofDays(60));
        var thief = KeyFiles.newKeyPair(Region.DIE);
        var request = EnrolmentRequests.server(thief);
        Refused.with(
                "possession-unproven",
                () -> region.authority().renewals().renew(Renewals.Asked.of(thief.getPrivate(), held.own(), request)));
        var good = Renewals.Asked.of(held.key().getPrivate(), held.own(), request);
        var proof = good.proof().toArray();
        for (int i = 0; i < proof.length; i++) {
            var bad = proof.clone();
            bad[i] ^= 1;
            Refused.with(
                    "possession-unproven",
                    () -> region.authority().renewals().renew(new Renewals.Asked(held.own(), request, Bytes.of(bad))));
        }
        // nor may a good proof carry another request
        var other = EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE));
        assertFalse(new Renewals.Asked(held.own(), other, good.proof()).isProven());
    }

    @Test
    void aCertificateOfAnotherRegionIsNotRenewed(Region region) {
        var stranger = region.accreditation().certificate("server"); // not one that a member holds
        var request = EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE));
        Refused.with(
                "certificate-unknown",
                () -> region.authority().certification(new Registrar.Operator()).renew(stranger, request));
    }
}
