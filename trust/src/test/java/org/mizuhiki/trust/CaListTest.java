package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.ledger.LogKeys;
import org.mizuhiki.trust.Validator.Purpose;
import org.mizuhiki.trust.issue.Draft;
import org.mizuhiki.trust.issue.Issuer;
import org.mizuhiki.trust.issue.Profile;

/// The root's second signature: what an ECDSA key that was computed from its public half can no longer do.
@ExtendWith(SharedDatabase.class)
@Tag("B1")
class CaListTest {
    private static final LogKeys LOG = new LogKeys("memory", Bytes.of(), Bytes.of(), Map.of(), 0);

    private static RegionTrust trust(Region region) {
        var a = region.accreditation();
        return new RegionTrust("みずひき", a.roots(), Optional.of(a.quantumSafeRoot()), LOG);
    }

    private static RevocationList lists(Region region, Published published) {
        return new RevocationList(published, trust(region), region.clock(), Duration.ofHours(24));
    }

    /// The authority as it is, but for its list.
    private static Published with(Region region, Optional<CaList> list) {
        var published = region.authority().published();
        return new Published() {
            @Override
            public Bytes certificate(String ca) {
                return published.certificate(ca);
            }

            @Override
            public Bytes crl(String ca) {
                return published.crl(ca);
            }

            @Override
            public Optional<CaList> caList() {
                return list;
            }
        };
    }

    @Test
    void theRegionsCasAreOnTheListAndTheirCertificatesHold(Region region) {
        var lists = lists(region, region.authority().published());
        lists.refresh();
        var patient = region.patient();
        var validator = new PathValidator(region.accreditation().roots(), lists);
        assertEquals(
                patient.member(),
                validator.check(
                        patient.certificates().signing(),
                        Purpose.SIGN_RECORD,
                        region.clock().instant()));
        assertEquals(trust(region), RegionTrust.decode(trust(region).encode()));
    }

    @Test
    void aListWithoutTheQuantumSafeSignatureIsRefused(Region region) {
        var good = region.accreditation().caList();
        var root = region.accreditation().roots().getFirst();
        var pinned = region.accreditation().quantumSafeRoot();
        assertTrue(good.check(root, pinned).certified().size() > 5);
        var rootKey = SigningKeys.inFolder(region.folder().resolve("root"), Region.DIE)
                .key("root");
        // the thief has the classical key and makes the other anew
        KeyPair other = CaList.newKeyPair(Region.DIE);
        var certified = new TreeMap<String, X509Certificate>();
        CaName.issuing()
                .forEach(ca -> certified.put(ca.text(), region.accreditation().certificate(ca.text())));
        var forged = CaList.sign("みずひき", root, certified, Map.of(), rootKey, other.getPrivate());
        for (var bad : List.of(
                forged,
                new CaList(good.statement(), good.classical(), Bytes.of()),
                new CaList(good.statement(), Bytes.of(), good.quantumSafe()),
                new CaList(forged.statement(), forged.classical(), good.quantumSafe()))) {
            Refused.with("ca-list-forged", () -> bad.check(root, pinned));
            var lists = lists(region, with(region, Optional.of(bad)));
            Refused.with("ca-list-forged", lists::refresh);
        }
        var none = lists(region, with(region, Optional.empty()));
        Refused.with("ca-list-forged", none::refresh);
    }

    @Test
    void everyChangedByteOfAListIsRefused(Region region) {
        var good = region.accreditation().caList();
        var root = region.accreditation().roots().getFirst();
        var pinned = region.accreditation().quantumSafeRoot();
        for (int i = 0; i < good.statement().size(); i += 7) {
            int at = i;
            Refused.with(
                    "ca-list-forged",
                    () -> new CaList(flipped(good.statement(), at), good.classical(), good.quantumSafe())
                            .check(root, pinned));
        }
        for (int i = 0; i < good.quantumSafe().size(); i += 101) {
            int at = i;
            Refused.with(
                    "ca-list-forged",
                    () -> new CaList(good.statement(), good.classical(), flipped(good.quantumSafe(), at))
                            .check(root, pinned));
        }
    }

    private static Bytes flipped(Bytes of, int at) {
        var bytes = of.toArray();
        bytes[at] ^= 1;
        return Bytes.of(bytes);
    }

    @Test
    void aCaThatOnlyTheClassicalKeySignedCertifiesNobody(Region region) {
        var lists = lists(region, region.authority().published());
        lists.refresh();
        var validator = new PathValidator(region.accreditation().roots(), lists);
        var root = region.accreditation().roots().getFirst();
        var rootKey = SigningKeys.inFolder(region.folder().resolve("root"), Region.DIE)
                .key("root");
        var above = new Issuer("root", root, rootKey, Region.PUBLICATIONS);
        // a twin of the person-CA: same name, the thief's key
        var genuine = region.accreditation().certificate("person");
        var twinKey = KeyFiles.newKeyPair(Region.DIE);
        var name = org.bouncycastle.asn1.x500.X500Name.getInstance(
                genuine.getSubjectX500Principal().getEncoded());
        var twin =
                above.issue(Draft.of(Profile.PERSON_CA, name, info(twinKey), region.clock(), Region.DIE), Region.DIE);
        var leaf = new Issuer("person", twin, twinKey.getPrivate(), Region.PUBLICATIONS)
                .issue(
                        Draft.of(
                                Profile.PATIENT,
                                Subjects.of(Region.somePatient()),
                                info(KeyFiles.newKeyPair(Region.DIE)),
                                region.clock(),
                                Region.DIE),
                        Region.DIE);
        Refused.with(
                "ca-list-forged",
                () -> validator.check(
                        List.of(leaf, twin, root),
                        Purpose.SIGN_RECORD,
                        region.clock().instant()));
    }

    private static SubjectPublicKeyInfo info(KeyPair key) {
        return SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded());
    }
}
