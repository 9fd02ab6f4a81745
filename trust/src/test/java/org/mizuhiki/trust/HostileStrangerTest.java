package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// What strangers may send to keep us busy, fill our memory or slip through.
@Tag("B1")
class HostileStrangerTest {
    private final TestClock clock = new TestClock();
    private final ForeignCa top = new ForeignCa("Top", clock);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Desk desk;

    @BeforeEach
    void trustTop() {
        desk = new Desk(folder, clock).trusts(top.root());
    }

    @AfterEach
    void close() {
        desk.close();
    }

    private String says(byte... der) {
        return desk.says(Stranger.of(List.of(Bytes.of(der))));
    }

    private Stranger listed(X509Certificate own, List<X509Certificate> others) {
        return Desk.stranger(own, others, List.of(top.list()));
    }

    /// SEQUENCE in SEQUENCE, that deep.
    private static byte[] nested(int depth) {
        byte[] inner = {};
        for (int i = 0; i < depth; i++) {
            var out = new ByteArrayOutputStream();
            out.write(0x30);
            if (inner.length < 0x80) {
                out.write(inner.length);
            } else {
                out.write(0x83);
                out.write(inner.length >> 16);
                out.write(inner.length >> 8);
                out.write(inner.length);
            }
            out.writeBytes(inner);
            inner = out.toByteArray();
        }
        return inner;
    }

    @Test
    void nestingAndLengthsThatBreakParsersAreRefused() {
        assertEquals("malformed", says());
        assertEquals("malformed", says(nested(200)));
        assertEquals("malformed", says(nested(10_000)));
        assertEquals("malformed", says((byte) 0x30, (byte) 0x84, (byte) 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff));
        assertEquals("malformed", says((byte) 0x30, (byte) 0x80, (byte) 0, (byte) 0));
        assertEquals("malformed", says((byte) 0x30, (byte) 0x89, (byte) 1, (byte) 1));
        assertEquals("malformed", says((byte) 0x3f, (byte) 0xff, (byte) 0xff, (byte) 0x7f, (byte) 0));
        assertEquals("too-large", says(new byte[(64 << 10) + 1]));
        assertEquals("too-large", says(new byte[5 << 20]));
    }

    @Test
    void aSubjectOfAMegabyteIsRefusedUnread() {
        var huge = top.build(
                new X500Name("street=" + "x".repeat(1 << 20)),
                KeyFiles.newKeyPair(Region.DIE),
                new ForeignCa.Wish(),
                b -> {});
        assertEquals("too-large", desk.says(Stranger.of(List.of(encoded(huge)))));
    }

    private static Bytes encoded(org.bouncycastle.cert.X509CertificateHolder holder) {
        try {
            return Bytes.of(holder.getEncoded());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void anExtensionThatStandsTwiceIsRefused() throws Exception {
        var good = top.mail("a@example.jp");
        assertEquals("accepted", desk.says(listed(good, List.of())));
        assertEquals("malformed", desk.says(Stranger.of(List.of(doubled(good)))));
    }

    /// The same certificate with its extensions twice, signed by the CA: no library makes such a one.
    private Bytes doubled(X509Certificate good) throws Exception {
        var parts = new ASN1EncodableVector();
        for (var part : ASN1Sequence.getInstance(good.getTBSCertificate())) {
            if (part instanceof ASN1TaggedObject t && t.getTagNo() == 3) {
                var twice = new ASN1EncodableVector();
                for (int i = 0; i < 2; i++) {
                    ASN1Sequence.getInstance(t, true).forEach(twice::add);
                }
                parts.add(new DERTaggedObject(true, 3, new DERSequence(twice)));
            } else {
                parts.add(part);
            }
        }
        var toBeSigned = new DERSequence(parts);
        var signature = java.security.Signature.getInstance("SHA256withECDSA");
        signature.initSign(top.keys().getPrivate());
        signature.update(toBeSigned.getEncoded());
        var whole = new ASN1EncodableVector();
        whole.add(toBeSigned);
        whole.add(new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withECDSA"));
        whole.add(new DERBitString(signature.sign()));
        return Bytes.of(new DERSequence(whole).getEncoded());
    }

    @Test
    void aChainOfTenThousandIsNotWalked() {
        var one = KeyFiles.encoded(top.mail("a@example.jp"));
        assertEquals("too-large", desk.says(Stranger.of(Collections.nCopies(10_001, one))));
    }

    @Test
    void aChainLongerThanAnyHonestOneFindsNoRoot() {
        var chain = new ArrayList<X509Certificate>();
        var above = top;
        for (int i = 0; i < 20; i++) {
            var next = new ForeignCa("Level " + i, clock);
            chain.add(above.certify(next));
            above = next;
        }
        assertEquals("no-root", desk.says(listed(above.mail("a@example.jp"), chain)));
    }

    /// Every one of eight CAs certified every other: paths by the million, none of which ends well.
    @Test
    void aMeshOfCrossCertificatesIsLeftInTime() {
        var cas = new ArrayList<ForeignCa>();
        for (int i = 0; i < 8; i++) {
            cas.add(new ForeignCa("Mesh " + i, clock));
        }
        var mesh = new ArrayList<X509Certificate>();
        for (var a : cas) {
            cas.stream().filter(b -> b != a).forEach(b -> mesh.add(a.certify(b)));
        }
        assertEquals("no-root", desk.says(listed(cas.getFirst().mail("a@example.jp"), mesh.subList(0, 56))));
        // now with ways to the root, each of them without a list
        cas.forEach(c -> mesh.add(top.certify(c)));
        assertEquals("too-much-work", desk.says(listed(cas.getFirst().mail("a@example.jp"), mesh)));
    }

    @Test
    void thousandsOfCasOfOneNameCostNoMoreThanTheLimit() {
        var name = new ForeignCa("Same", clock);
        var own = name.mail("a@example.jp");
        var others = new ArrayList<X509Certificate>();
        for (int i = 0; i < StrangerCheck.MOST_BROUGHT; i++) {
            others.add(top.certify(new ForeignCa("Same", clock)));
        }
        assertEquals("signature-wrong", desk.says(listed(own, others)));
    }

    @Test
    void everyFlippedBitOfACertificateIsRefused() {
        var good = KeyFiles.encoded(top.mail("a@example.jp")).toArray();
        int signature = good.length * 8 - 90 * 8; // what lies before is covered by it
        for (int bit = 0; bit < good.length * 8; bit += bit < signature ? 5 : 1) {
            var bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << bit % 8);
            var stranger = new Stranger(Bytes.of(bad), List.of(), List.of(top.list()), List.of(), Optional.empty());
            assertNotEquals("accepted", desk.says(stranger), "bit " + bit);
        }
    }

    @Test
    void everyFlippedByteOfAListSaysNothing() {
        var own = top.mail("a@example.jp");
        var good = top.list().toArray();
        for (int at = 0; at < good.length; at++) {
            var bad = good.clone();
            bad[at] ^= (byte) 0x21;
            var said = desk.says(Desk.stranger(own, List.of(), List.of(Bytes.of(bad))));
            assertEquals("standing-unknown", said, "byte " + at);
        }
        var cut = Arrays.copyOf(good, good.length - 1);
        assertEquals("standing-unknown", desk.says(Desk.stranger(own, List.of(), List.of(Bytes.of(cut)))));
    }

    @FuzzTest
    void whateverFileComesIsReadOrRefused(byte[] input) {
        try {
            Stranger.read(Bytes.of(input));
        } catch (Refusal expected) {
            assertEquals("stranger-file-malformed", expected.code());
        }
    }

    /// Whatever comes: a verdict, never an exception.
    @FuzzTest
    void whateverComesIsJudged(byte[] input) throws IOException {
        var here = Files.createTempDirectory("stranger");
        try (var fuzzed = new Desk(here, clock).trusts(top.root())) {
            var bytes = Bytes.of(input);
            var own = KeyFiles.encoded(top.mail("a@example.jp"));
            assertTrue(fuzzed.verdict(Stranger.of(List.of(bytes))) instanceof Verdict.Refused);
            var along = new Stranger(own, List.of(bytes), List.of(bytes), List.of(bytes), Optional.empty());
            assertEquals("standing-unknown", fuzzed.says(along));
        } finally {
            Files.deleteIfExists(here);
        }
    }
}
