package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Validator.Purpose;

@ExtendWith(SharedDatabase.class)
@Tag("V1")
@Tag("D5")
class CertificationTest {
    private static final Member.Device ROUTER = new Member.Device("acme", "R-1", "0001");
    private static final X500Name NOBODY = new X500Name(new org.bouncycastle.asn1.x500.RDN[0]);

    private static Certification desk(Region region) {
        return region.authority().certification(new Registrar.Operator());
    }

    private static Bytes request(KeyPair key, X500Name subject, Extension... wishes) {
        try {
            var builder = new JcaPKCS10CertificationRequestBuilder(subject, key.getPublic());
            if (wishes.length > 0) {
                var all = new ExtensionsGenerator();
                for (var wish : wishes) {
                    all.addExtension(wish);
                }
                builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, all.generate());
            }
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate());
            return Bytes.of(builder.build(signer).getEncoded());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Extension names(GeneralName... names) throws IOException {
        return new Extension(Extension.subjectAlternativeName, false, new GeneralNames(names).getEncoded());
    }

    @Test
    void aDeviceAndAServiceOnItAreCertified(Region region) {
        var router = new Member.Device("acme", "R-1", "1001");
        var device = desk(region).certify(router, request(KeyFiles.newKeyPair(Region.DIE), Subjects.of(router)));
        var vpn = new Member.Service("1311234567", "medical-vpn", router);
        var service = desk(region).certify(vpn, request(KeyFiles.newKeyPair(Region.DIE), NOBODY));
        var now = region.clock().instant();
        assertEquals(router, region.validator().check(device.signing(), Purpose.TLS_CLIENT, now));
        assertEquals(vpn, region.validator().check(service.signing(), Purpose.TLS_CLIENT, now));
        // neither of them signs records or serves as one of the region's servers
        for (var chain : java.util.List.of(device.signing(), service.signing())) {
            for (var purpose : Set.of(Purpose.SIGN_RECORD, Purpose.TLS_SERVER, Purpose.STAMP, Purpose.SEAL_FOR)) {
                Refused.with(
                        "certificate-wrong-purpose", () -> region.validator().check(chain, purpose, now));
            }
        }
        assertEquals(router, MemberBody.of(router).member());
        assertEquals(vpn, MemberBody.of(vpn).member());
    }

    @Test
    void anOrdinaryToolsRequestForAServerIsGranted(Region region) throws IOException {
        var server = new Member.Server("web", "acme.example.jp");
        var pkcs10 = request(
                KeyFiles.newKeyPair(Region.DIE),
                new X500Name("CN=acme.example.jp"),
                names(new GeneralName(GeneralName.dNSName, "acme.example.jp")));
        var enrolled = desk(region).certify(server, pkcs10);
        assertEquals(
                server,
                region.validator()
                        .check(
                                enrolled.signing(),
                                Purpose.TLS_SERVER,
                                region.clock().instant()));
        assertEquals(enrolled, desk(region).certify(server, pkcs10));
    }

    @Test
    void namesOfOthersAreRefused(Region region) throws IOException {
        var server = new Member.Server("web", "mine.example.jp");
        var key = KeyFiles.newKeyPair(Region.DIE);
        var other = new GeneralName(GeneralName.dNSName, "yours.example.jp");
        var mine = new GeneralName(GeneralName.dNSName, "mine.example.jp");
        for (var bad : java.util.List.of(
                request(key, new X500Name("CN=yours.example.jp")),
                request(key, NOBODY, names(other)),
                request(key, NOBODY, names(mine, other)),
                request(key, NOBODY, names(new GeneralName(GeneralName.rfc822Name, "a@mine.example.jp"))))) {
            Refused.with("name-not-yours", () -> desk(region).certify(server, bad));
        }
        Refused.with(
                "name-not-yours",
                () -> desk(region)
                        .certify(ROUTER, request(key, Subjects.of(new Member.Device("acme", "R-1", "0002")))));
        Refused.with("name-not-yours", () -> desk(region).certify(ROUTER, request(key, NOBODY, names(mine))));
    }

    @Test
    void theWishToBeACaIsNotGranted(Region region) throws IOException {
        var server = new Member.Server("web", "ca.example.jp");
        var ca = new Extension(Extension.basicConstraints, true, new BasicConstraints(true).getEncoded());
        var enrolled = desk(region).certify(server, request(KeyFiles.newKeyPair(Region.DIE), NOBODY, ca));
        assertEquals(-1, enrolled.signing().getFirst().getBasicConstraints());
    }

    @Test
    void aKeyIsCertifiedForOneMemberOnly(Region region) {
        var key = KeyFiles.newKeyPair(Region.DIE);
        desk(region).certify(new Member.Device("acme", "R-1", "2001"), request(key, NOBODY));
        Refused.with(
                "key-unfit",
                () -> desk(region).certify(new Member.Device("acme", "R-1", "2002"), request(key, NOBODY)));
    }

    @Test
    void anOrderGetsOneCertificateAndTheNextOrderAnother(Region region) {
        var server = new Member.Server("web", "order.example.jp");
        var since = region.clock().instant();
        var pkcs10 = request(KeyFiles.newKeyPair(Region.DIE), NOBODY);
        var first = desk(region).certify(server, pkcs10, new Certification.Order("order-1", since));
        assertEquals(first, desk(region).certify(server, pkcs10, new Certification.Order("order-1", since)));
        var other = request(KeyFiles.newKeyPair(Region.DIE), NOBODY);
        Refused.with(
                "order-answered", () -> desk(region).certify(server, other, new Certification.Order("order-1", since)));
        // its own key may stay, but comes to nobody else
        var second = desk(region).certify(server, pkcs10, new Certification.Order("order-2", since));
        assertEquals(
                first.signing().getFirst().getPublicKey(),
                second.signing().getFirst().getPublicKey());
        assertTrue(!first.equals(second));
        Refused.with(
                "key-unfit",
                () -> desk(region)
                        .certify(
                                new Member.Server("web", "thief.example.jp"),
                                pkcs10,
                                new Certification.Order("order-3", since)));
    }

    @Test
    void whoWasRecognisedBeforeARevocationGetsNothingAfterIt(Region region) {
        var server = new Member.Server("web", "withdrawn.example.jp");
        var since = region.clock().instant();
        desk(region)
                .certify(
                        server,
                        request(KeyFiles.newKeyPair(Region.DIE), NOBODY),
                        new Certification.Order("w-1", since));
        region.revocation().revoke(server, Revocation.Reason.PRIVILEGE_WITHDRAWN);
        var next = request(KeyFiles.newKeyPair(Region.DIE), NOBODY);
        Refused.with("member-revoked", () -> desk(region).certify(server, next, new Certification.Order("w-2", since)));
        region.clock().pass(java.time.Duration.ofSeconds(1));
        var anew = region.clock().instant();
        desk(region).certify(server, next, new Certification.Order("w-2", anew));
    }

    @Test
    void oneCertificateIsRevokedAndTheOthersOfItsMemberStand(Region region) {
        var server = new Member.Server("web", "single.example.jp");
        var since = region.clock().instant();
        var lostKey = request(KeyFiles.newKeyPair(Region.DIE), NOBODY);
        var lost = desk(region).certify(server, lostKey, new Certification.Order("s-1", since));
        var kept = desk(region)
                .certify(
                        server,
                        request(KeyFiles.newKeyPair(Region.DIE), NOBODY),
                        new Certification.Order("s-2", since));
        var certificate = lost.signing().getFirst();
        assertEquals(
                java.util.Optional.of(new Certification.Known(server, false)),
                desk(region).known(certificate));
        desk(region).revoke(certificate, Revocation.Reason.KEY_COMPROMISE);
        assertEquals(
                java.util.Optional.of(new Certification.Known(server, true)),
                desk(region).known(certificate));
        region.lists().refresh();
        var now = region.clock().instant();
        Refused.with("certificate-revoked", () -> region.validator().check(lost.signing(), Purpose.TLS_SERVER, now));
        assertEquals(server, region.validator().check(kept.signing(), Purpose.TLS_SERVER, now));
        Refused.with("certificate-revoked", () -> desk(region).revoke(certificate, Revocation.Reason.SUPERSEDED));
        Refused.with("key-unfit", () -> desk(region).certify(server, lostKey, new Certification.Order("s-3", since)));
        var root = region.accreditation().roots().getFirst();
        Refused.with("certificate-unknown", () -> desk(region).revoke(root, Revocation.Reason.SUPERSEDED));
        var patient = region.patient().certificates().signing().getFirst();
        Refused.with("person-not-here", () -> desk(region).revoke(patient, Revocation.Reason.SUPERSEDED));
    }

    @Test
    void personsAndInstitutionsDoNotComeThisWay(Region region) {
        var pkcs10 = request(KeyFiles.newKeyPair(Region.DIE), NOBODY);
        Refused.with("person-not-here", () -> desk(region).certify(Region.somePatient(), pkcs10));
        var clinic = region.authority().certification(new Registrar.Accredited(Region.CLINIC, "みずひき診療所"));
        Refused.with("registrar-not-allowed", () -> clinic.certify(ROUTER, pkcs10));
    }

    @Test
    void everyChangedByteOfARequestIsRefused() {
        var good = request(KeyFiles.newKeyPair(Region.DIE), Subjects.of(ROUTER)).toArray();
        RequestCheck.named(Bytes.of(good), ROUTER);
        for (int i = 0; i < good.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                var bad = good.clone();
                bad[i] ^= (byte) (1 << bit);
                try {
                    RequestCheck.named(Bytes.of(bad), ROUTER);
                    assertTrue(false, "byte " + i);
                } catch (Refusal e) {
                    assertTrue(
                            Set.of("request-malformed", "possession-unproven", "key-unfit", "name-not-yours")
                                    .contains(e.code()),
                            e.code());
                }
            }
        }
        Refused.with("request-malformed", () -> RequestCheck.named(Bytes.of(Arrays.copyOf(good, 5000)), ROUTER));
    }
}
