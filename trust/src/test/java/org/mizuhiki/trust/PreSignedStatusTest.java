package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.Bytes;

/// Answers that are signed once and served often, and never a wrong one.
@ExtendWith(SharedDatabase.class)
@Tag("V1")
@Tag("D15")
class PreSignedStatusTest {
    private static Bytes ask(Region region, Bytes request) {
        return region.revocation().ocsp(request);
    }

    @Test
    void anAnswerWithoutNonceIsSignedOnceInHalfAnHour(Region region) throws Exception {
        var request = StatusRequests.about(
                region, region.patient().certificates().signing().getFirst());
        var first = ask(region, request);
        assertEquals("good", StatusRequests.read(first));
        region.clock().pass(Duration.ofMinutes(29));
        assertEquals(first, ask(region, request));
        region.clock().pass(Duration.ofMinutes(1));
        var next = ask(region, request);
        assertEquals("good", StatusRequests.read(next));
        assertNotEquals(first, next);
    }

    @Test
    void aNonceIsAnsweredForThisRequestAlone(Region region) throws Exception {
        var own = region.patient().certificates().signing().getFirst();
        var one = ask(region, StatusRequests.about(region, own, (byte) 1, (byte) 2, (byte) 3));
        var other = ask(region, StatusRequests.about(region, own, (byte) 4, (byte) 5, (byte) 6));
        assertTrue(one.asHex().contains("010203") && other.asHex().contains("040506"));
        assertNotEquals(one, other);
    }

    @Test
    void afterARevocationNothingElseIsSaid(Region region) throws Exception {
        var patient = region.patient();
        var neighbour = region.patient();
        var request =
                StatusRequests.about(region, patient.certificates().signing().getFirst());
        var others =
                StatusRequests.about(region, neighbour.certificates().signing().getFirst());
        assertEquals("good", StatusRequests.read(ask(region, request)));
        var kept = ask(region, others);
        region.revocation().revoke(patient.member(), Revocation.Reason.CESSATION);
        assertEquals("revoked", StatusRequests.read(ask(region, request)));
        assertEquals(kept, ask(region, others)); // whose answer is still true keeps it
    }

    @Test
    void whoeverAsksDuringARevocationIsToldTheTruthFromItsEndOn(Region region) throws Exception {
        for (int round = 0; round < 5; round++) {
            var patient = region.patient();
            var request = StatusRequests.about(
                    region, patient.certificates().signing().getFirst());
            var done = new AtomicBoolean();
            var asking = new CountDownLatch(4);
            var late = new ArrayList<Future<String>>();
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 4; i++) {
                    late.add(threads.submit(() -> {
                        while (true) {
                            boolean after = done.get();
                            var said = StatusRequests.read(ask(region, request));
                            asking.countDown();
                            if (after) {
                                return said;
                            }
                        }
                    }));
                }
                asking.await();
                region.revocation().revoke(patient.member(), Revocation.Reason.KEY_COMPROMISE);
                done.set(true);
                for (var one : late) {
                    assertEquals("revoked", one.get());
                }
            }
        }
    }

    @Test
    void whatNobodyIssuedIsUnknownUntilItIsIssued(Region region) throws Exception {
        var request = Bytes.of(
                StatusRequests.builder(region, java.math.BigInteger.TEN).build().getEncoded());
        assertEquals("unknown", StatusRequests.read(ask(region, request)));
    }

    @Test
    void hostileStatusRequestsAreMalformed(Region region) throws Exception {
        var bomb = new byte[4000];
        for (int i = 0; i + 1 < bomb.length; i += 2) {
            bomb[i] = 0x30;
            bomb[i + 1] = (byte) 0x80; // indefinite length, never closed
        }
        assertEquals("1", StatusRequests.read(ask(region, Bytes.of(bomb))));
        assertEquals("1", StatusRequests.read(ask(region, Bytes.of(new byte[1 << 20]))));
        var own = region.patient().certificates().signing().getFirst();
        var good =
                StatusRequests.about(region, own, (byte) 9, (byte) 9, (byte) 9).toArray();
        for (int bit = 0; bit < good.length * 8; bit++) {
            var bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            assertTrue(ask(region, Bytes.of(bad)).size() > 0);
        }
        for (int size = 0; size < good.length; size++) {
            assertEquals("1", StatusRequests.read(ask(region, Bytes.of(Arrays.copyOf(good, size)))));
        }
        assertEquals("1", StatusRequests.read(ask(region, StatusRequests.about(region, own, new byte[129]))));
        assertEquals("1", StatusRequests.read(ask(region, twice(region))));
    }

    /// The same extension two times: readers could see two nonces.
    private static Bytes twice(Region region) throws Exception {
        var one = new org.bouncycastle.asn1.DERSequence(new org.bouncycastle.asn1.ASN1Encodable[] {
            OCSPObjectIdentifiers.id_pkix_ocsp_nonce, new DEROctetString(new DEROctetString(new byte[8]).getEncoded())
        });
        var plain = org.bouncycastle.asn1.ocsp.OCSPRequest.getInstance(
                StatusRequests.builder(region, java.math.BigInteger.TEN).build().getEncoded());
        var both = new org.bouncycastle.asn1.DERSequence(new org.bouncycastle.asn1.ASN1Encodable[] {one, one});
        var list = plain.getTbsRequest().getRequestList();
        var request = new org.bouncycastle.asn1.DERSequence(
                new org.bouncycastle.asn1.DERSequence(new org.bouncycastle.asn1.ASN1Encodable[] {
                    list, new org.bouncycastle.asn1.DERTaggedObject(true, 2, both)
                }));
        return Bytes.of(request.getEncoded());
    }
}
