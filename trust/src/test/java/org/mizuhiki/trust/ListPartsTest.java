package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;

/// A revocation stands in the whole list and in the part that the certificate names, and nowhere else.
@ExtendWith(SharedDatabase.class)
@Tag("V1")
@Tag("D15")
class ListPartsTest {
    private static final Revocation.Reason LOST = Revocation.Reason.KEY_COMPROMISE;

    private static int part(X509Certificate certificate) {
        return certificate.getSerialNumber().mod(BigInteger.valueOf(128)).intValue();
    }

    private static Bytes list(Region region, int part) {
        return region.authority().lists().part("person", part).der();
    }

    private static X509CRL read(Bytes list) throws Exception {
        return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(list.toArray()));
    }

    private static X509Certificate own(Region.Enrolled enrolled) {
        return enrolled.certificates().signing().getFirst();
    }

    @Test
    void aRevocationIsToldInTheWholeListAndInItsPart(Region region) throws Exception {
        var patient = region.patient();
        int part = part(own(patient));
        var before = list(region, part);
        var elsewhere = list(region, (part + 1) % 128);
        region.revocation().revoke(patient.member(), LOST);
        assertTrue(read(list(region, part)).getRevokedCertificate(own(patient)) != null);
        assertNotEquals(before, list(region, part));
        assertTrue(read(region.authority().published().crl("person")).getRevokedCertificate(own(patient)) != null);
        var sealing = patient.certificates().sealing().orElseThrow();
        if (part(sealing) != (part + 1) % 128) {
            assertEquals(elsewhere, list(region, (part + 1) % 128)); // not signed anew for nothing
        }
    }

    @Test
    void opensslBelievesThePartThatACertificateNamesAndNoOther(Region region, @TempDir Path folder) throws Exception {
        var patient = region.patient();
        var openssl = new OpenSsl(folder);
        KeyFiles.writeChain(folder.resolve("root.pem"), region.accreditation().roots());
        KeyFiles.writeChain(
                folder.resolve("person.pem"), List.of(region.accreditation().certificate("person")));
        KeyFiles.writeChain(folder.resolve("own.pem"), List.of(own(patient)));
        int part = part(own(patient));
        assertTrue(openssl.run("x509", "-in", "own.pem", "-noout", "-text").contains("/crl/person/" + part + ".crl"));
        assertTrue(verified(region, openssl, list(region, part)).contains("own.pem: OK"));
        region.revocation().revoke(patient.member(), LOST);
        assertTrue(verified(region, openssl, list(region, part)).contains("certificate revoked"));
        var other = verified(region, openssl, list(region, (part + 1) % 128));
        assertTrue(other.contains("different CRL scope"), other);
        var whole = verified(region, openssl, region.authority().published().crl("person"));
        assertTrue(whole.contains("certificate revoked"), whole);
    }

    private static String verified(Region region, OpenSsl openssl, Bytes list) throws Exception {
        openssl.write("list.crl", list.toArray());
        openssl.run("crl", "-inform", "DER", "-in", "list.crl", "-out", "crl.pem");
        var now = Long.toString(region.clock().instant().getEpochSecond());
        return openssl.run(
                "verify",
                "-CAfile",
                "root.pem",
                "-untrusted",
                "person.pem",
                "-crl_check",
                "-CRLfile",
                "crl.pem",
                "-x509_strict",
                "-attime",
                now,
                "own.pem");
    }

    /// The authority's key signs parts, so somebody in between could hand one out as the whole.
    @Test
    void aPartIsNotTakenForTheWholeList(Region region) {
        var patient = region.patient();
        region.revocation().revoke(patient.member(), LOST);
        var published = region.authority().published();
        var part = list(region, (part(own(patient)) + 1) % 128);
        var lists = new RevocationList(
                new Published() {
                    @Override
                    public Bytes certificate(String ca) {
                        return published.certificate(ca);
                    }

                    @Override
                    public Bytes crl(String ca) {
                        return ca.equals("person") ? part : published.crl(ca);
                    }
                },
                region.accreditation().roots(),
                region.clock(),
                Duration.ofHours(24));
        Refused.with("revocation-list-broken", lists::refresh);
    }

    @Test
    void listsAreNumberedUpwardsAndLiveADay(Region region) throws Exception {
        var first = read(list(region, 5));
        region.clock().pass(Duration.ofMinutes(61));
        var next = read(list(region, 5));
        assertTrue(number(next).compareTo(number(first)) > 0);
        assertEquals(
                Duration.ofHours(24),
                Duration.between(
                        next.getThisUpdate().toInstant(), next.getNextUpdate().toInstant()));
        assertTrue(next.getCriticalExtensionOIDs().contains("2.5.29.28"));
    }

    private static BigInteger number(X509CRL list) {
        return new BigInteger(
                1,
                java.util.Arrays.copyOfRange(
                        list.getExtensionValue("2.5.29.20"), 4, list.getExtensionValue("2.5.29.20").length));
    }

    @Test
    void partsThatAreNotThereAreUnknown(Region region) {
        Refused.with("ca-unknown", () -> list(region, 128));
        Refused.with("ca-unknown", () -> list(region, -1));
        Refused.with("ca-unknown", () -> region.authority().lists().part("device", 0));
        Refused.with("ca-unknown", () -> region.authority().lists().part("nobody", 0));
    }

    @Test
    void aHeldListFindsWhatIsInIt() {
        assertTrue(HeldList.Ended.of(List.of()).at(BigInteger.ONE).isEmpty());
        var entries =
                List.of(entry(BigInteger.ONE), entry(BigInteger.ONE.shiftLeft(126)), entry(BigInteger.TWO.pow(159)));
        var held = HeldList.Ended.of(entries);
        for (var one : entries) {
            assertEquals(
                    one.getRevocationDate().toInstant(),
                    held.at(one.getSerialNumber()).orElseThrow());
            assertTrue(held.at(one.getSerialNumber().add(BigInteger.ONE)).isEmpty());
        }
        assertTrue(held.at(BigInteger.TWO.pow(160)).isEmpty());
        assertTrue(held.at(BigInteger.ONE.negate()).isEmpty());
    }

    private static X509CRLEntry entry(BigInteger serial) {
        return new X509CRLEntry() {
            @Override
            public byte[] getEncoded() {
                return new byte[0];
            }

            @Override
            public BigInteger getSerialNumber() {
                return serial;
            }

            @Override
            public Date getRevocationDate() {
                return Date.from(java.time.Instant.EPOCH.plusSeconds(serial.bitLength()));
            }

            @Override
            public boolean hasExtensions() {
                return false;
            }

            @Override
            public String toString() {
                return serial.toString();
            }

            @Override
            public Set<String> getCriticalExtensionOIDs() {
                return Set.of();
            }

            @Override
            public Set<String> getNonCriticalExtensionOIDs() {
                return Set.of();
            }

            @Override
            public byte[] getExtensionValue(String oid) {
                return new byte[0];
            }

            @Override
            public boolean hasUnsupportedCriticalExtension() {
                return false;
            }
        };
    }
}
