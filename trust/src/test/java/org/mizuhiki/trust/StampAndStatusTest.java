package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.trust.status.Known;
import org.mizuhiki.trust.status.OcspResponder;

@ExtendWith(SharedDatabase.class)
class StampAndStatusTest {
    private static OpenSsl openssl(Region region, Path folder) {
        KeyFiles.writeChain(folder.resolve("root.pem"), region.accreditation().roots());
        for (var name : List.of("person", "stamps")) {
            KeyFiles.writeChain(
                    folder.resolve(name + ".pem"),
                    List.of(region.accreditation().certificate(name)));
        }
        return new OpenSsl(folder);
    }

    private static TimeStampServer stamps(Region region) {
        return region.accreditation().stamps(region.clock(), Region.DIE);
    }

    private static String epoch(Region region) {
        return Long.toString(region.clock().instant().getEpochSecond());
    }

    @Test
    @Tag("B2")
    void opensslAcceptsAStamp(Region region, @TempDir Path folder) throws Exception {
        var openssl = openssl(region, folder);
        openssl.write("data", (byte) 1, (byte) 2);
        openssl.run("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "q.tsq");
        openssl.write(
                "r.tsr", stamps(region).answer(Bytes.of(openssl.read("q.tsq"))).toArray());
        var said = openssl.run(
                "ts",
                "-verify",
                "-queryfile",
                "q.tsq",
                "-in",
                "r.tsr",
                "-CAfile",
                "root.pem",
                "-attime",
                epoch(region));
        assertTrue(said.contains("Verification: OK"), said);
    }

    @Test
    void digestsThatAreBrokenAreNotStamped(Region region, @TempDir Path folder) throws Exception {
        var openssl = openssl(region, folder);
        openssl.write("data", (byte) 1);
        openssl.run("ts", "-query", "-data", "data", "-sha1", "-out", "q.tsq");
        var answer = new TimeStampResponse(
                stamps(region).answer(Bytes.of(openssl.read("q.tsq"))).toArray());
        assertEquals(2, answer.getStatus());
    }

    @Test
    void serialNumbersOfStampsDiffer(Region region) throws Exception {
        var first = serial(stamps(region).stamp(Digest.of((byte) 1)));
        assertNotEquals(first, serial(stamps(region).stamp(Digest.of((byte) 1))));
    }

    private static java.math.BigInteger serial(Bytes token) throws Exception {
        return new TimeStampToken(new org.bouncycastle.cms.CMSSignedData(token.toArray()))
                .getTimeStampInfo()
                .getSerialNumber();
    }

    @Test
    void anAlteredStampRequestIsAnsweredNeverAnError(Region region, @TempDir Path folder) throws Exception {
        var openssl = openssl(region, folder);
        openssl.write("data", (byte) 1);
        openssl.run("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "q.tsq");
        var good = openssl.read("q.tsq");
        var server = stamps(region);
        for (int i = 0; i < good.length; i++) {
            var bad = good.clone();
            bad[i] ^= 1;
            assertTrue(server.answer(Bytes.of(bad)).size() > 0);
        }
        assertEquals(
                2, new TimeStampResponse(server.answer(Bytes.of(new byte[5000])).toArray()).getStatus());
    }

    private String ocsp(Region region, OpenSsl openssl, String serial) throws Exception {
        openssl.run("ocsp", "-issuer", "person.pem", "-serial", serial, "-reqout", "q.ocsp");
        openssl.write(
                "r.ocsp",
                region.revocation().ocsp(Bytes.of(openssl.read("q.ocsp"))).toArray());
        return openssl.run(
                "ocsp",
                "-issuer",
                "person.pem",
                "-serial",
                serial,
                "-no_nonce",
                "-reqin",
                "q.ocsp",
                "-respin",
                "r.ocsp",
                "-CAfile",
                "root.pem",
                "-attime",
                epoch(region),
                "-validity_period",
                "2000000000");
    }

    @Test
    void opensslReadsGoodRevokedAndUnknown(Region region, @TempDir Path folder) throws Exception {
        var openssl = openssl(region, folder);
        var patient = region.patient();
        var serial = "0x"
                + patient.certificates().signing().getFirst().getSerialNumber().toString(16);
        var good = ocsp(region, openssl, serial);
        assertTrue(good.contains("Response verify OK") && good.contains(": good"), good);
        region.revocation().revoke(patient.member(), Revocation.Reason.KEY_COMPROMISE);
        var revoked = ocsp(region, openssl, serial);
        assertTrue(revoked.contains(": revoked") && revoked.contains("keyCompromise"), revoked);
        var unknown = ocsp(region, openssl, "0x1234");
        assertTrue(unknown.contains(": unknown"), unknown);
    }

    @Test
    void opensslVerifiesAChainWithItsRevocationList(Region region, @TempDir Path folder) throws Exception {
        var openssl = openssl(region, folder);
        var patient = region.patient();
        KeyFiles.writeChain(
                folder.resolve("own.pem"), patient.certificates().signing().subList(0, 1));
        assertTrue(verified(region, openssl).contains("own.pem: OK"));
        region.revocation().revoke(patient.member(), Revocation.Reason.SUPERSEDED);
        var said = verified(region, openssl);
        assertTrue(said.contains("certificate revoked"), said);
    }

    private static String verified(Region region, OpenSsl openssl) throws Exception {
        openssl.write("person.crl", region.authority().published().crl("person").toArray());
        openssl.run("crl", "-inform", "DER", "-in", "person.crl", "-out", "crl.pem");
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
                epoch(region),
                "own.pem");
    }

    @Test
    void statusRequestsForOthersAndBrokenOnesAreRefused(Region region) throws Exception {
        assertEquals(1, status(region, new byte[] {0x30, (byte) 0x80}));
        assertEquals(1, status(region, new byte[0]));
        assertEquals(1, status(region, new byte[OcspResponder.MAX_REQUEST + 1]));
    }

    private static int status(Region region, byte[] request) throws Exception {
        return new OCSPResp(region.revocation().ocsp(Bytes.of(request)).toArray()).getStatus();
    }

    @FuzzTest
    void whateverIsAskedIsAnswered(byte[] input) {
        var responder = new OcspResponder(
                () -> Stream.empty(),
                (ca, serial) -> new Known.Never(),
                Clock.fixed(java.time.Instant.EPOCH.plus(Duration.ofDays(1)), ZoneOffset.UTC));
        assertTrue(responder.answer(input).der().size() > 0);
    }
}
