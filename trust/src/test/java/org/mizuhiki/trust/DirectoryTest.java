package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.trust.Directory.Listing;

@ExtendWith(SharedDatabase.class)
@Tag("B2")
class DirectoryTest {
    @Test
    void anybodysKeysAreFoundByIdAndStandTheCheck(Region region) {
        var patient = region.patient();
        var listing = region.authority().directory().find(patient.id());
        var reader = region.directoryCheck().check(patient.id(), listing);
        assertEquals(patient.sealing().publicKey(), reader.publicKey());
        assertEquals(reader, listing.reader());
    }

    @Test
    void professionalsAreFoundByNameAndPatientsAreNot(Region region) {
        var name = "検索" + PersonId.random(Region.DIE).value();
        var doctor = region.doctor(name);
        region.patient();
        var found = region.authority().directory().professionals(name.substring(0, 9));
        assertEquals(doctor.member(), found.getFirst().member());
        assertEquals(0, region.authority().directory().professionals("%_%\\").size());
        assertTrue(region.authority().directory().professionals("診療所").size() <= 50);
        Refused.with("search-malformed", () -> region.authority().directory().professionals(" "));
    }

    @Test
    void whoIsRevokedOrUnknownIsNotListed(Region region) {
        var patient = region.patient();
        var old = region.authority().directory().find(patient.id());
        region.revocation().revoke(patient.member(), Revocation.Reason.CESSATION);
        region.clock().pass(java.time.Duration.ofSeconds(1));
        region.lists().refresh();
        Refused.with("person-unknown", () -> region.authority().directory().find(patient.id()));
        Refused.with("certificate-revoked", () -> region.directoryCheck().check(patient.id(), old));
    }

    @Test
    void aDirectoryThatSubstitutesAKeyIsNoticed(Region region) {
        var victim = region.patient();
        var attacker = region.patient();
        var real = region.authority().directory().find(victim.id());
        var theirs = region.authority().directory().find(attacker.id());
        var check = region.directoryCheck();
        // somebody else's whole listing, their sealing key, their binding, their evidence
        Refused.with("listing-forged", () -> check.check(victim.id(), theirs));
        Refused.with(
                "listing-forged",
                () -> check.check(
                        victim.id(),
                        new Listing(
                                real.member(),
                                real.place(),
                                real.signing(),
                                theirs.sealing(),
                                theirs.binding(),
                                real.evidence())));
        Refused.with(
                "listing-forged",
                () -> check.check(
                        victim.id(),
                        new Listing(
                                real.member(),
                                real.place(),
                                real.signing(),
                                real.sealing(),
                                theirs.binding(),
                                real.evidence())));
        Refused.with(
                "listing-forged",
                () -> check.check(
                        victim.id(),
                        new Listing(
                                real.member(),
                                real.place(),
                                real.signing(),
                                real.sealing(),
                                real.binding(),
                                theirs.evidence())));
        Refused.with(
                "listing-forged",
                () -> check.check(
                        victim.id(),
                        new Listing(
                                real.member(),
                                real.place(),
                                theirs.signing(),
                                theirs.sealing(),
                                theirs.binding(),
                                theirs.evidence())));
    }

    /// The authority itself turns bad: it certifies a key of its own for the victim's name. It cannot sign
    /// the binding with the victim's key, and what it logs for that is in the ledger for all to see.
    @Test
    void anAuthorityThatCertifiesItsOwnKeyForSomebodyIsNoticed(Region region) {
        var victim = region.patient();
        var real = region.authority().directory().find(victim.id());
        var own = new org.mizuhiki.seal.Seals(Region.DIE).newReaderKey();
        var info = org.bouncycastle.asn1.x509.SubjectPublicKeyInfo.getInstance(
                XWingKeys.info(own.publicKey()).toArray());
        var draft = org.mizuhiki.trust.issue.Draft.of(
                org.mizuhiki.trust.issue.Profile.PATIENT_SEALING,
                Subjects.of(victim.member()),
                info,
                region.clock(),
                Region.DIE);
        var forged = region.accreditation().issuer("person").issue(draft, Region.DIE);
        var listing = new Listing(real.member(), real.place(), real.signing(), forged, real.binding(), real.evidence());
        Refused.with("listing-forged", () -> region.directoryCheck().check(victim.id(), listing));
        assertEquals(Optional.of(real.sealing()), victim.certificates().sealing());
    }
}
