package org.mizuhiki.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

class StampsTest {
    private static final TestPki PKI = new TestPki();
    private static final Stamps STAMPS = new Seals(PKI.die).stamps();
    private static final Digest IMPRINT = Bytes.utf8("signature").sha256();

    private static String code(org.junit.jupiter.api.function.Executable action) {
        return assertThrows(Refusal.class, action).code();
    }

    @Test
    void aTokenSaysWhenAndByWhom() {
        var stamp = STAMPS.verify(PKI.stamps().stamp(IMPRINT), IMPRINT);
        assertEquals(TestPki.CLOCK.instant(), stamp.at());
        assertEquals(List.of(PKI.tsa), stamp.chain());
    }

    @Test
    void aTokenMayCarryItsWholeChainInAnyOrder() throws Exception {
        var request = STAMPS.request(IMPRINT);
        var token = STAMPS.accept(request, PKI.respondWith(request.encoded(), List.of(PKI.tsa, PKI.root)));
        assertEquals(List.of(PKI.tsa, PKI.root), STAMPS.verify(token, IMPRINT).chain());
        var swapped = Bytes.of(HexFormat.of().parseHex(swapped(token.asHex())));
        assertEquals(List.of(PKI.tsa, PKI.root), STAMPS.verify(swapped, IMPRINT).chain());
    }

    /// Both orders of the two certificates, of which only one is sorted.
    private static String swapped(String token) throws java.security.cert.CertificateEncodingException {
        var tsa = HexFormat.of().formatHex(PKI.tsa.getEncoded());
        var root = HexFormat.of().formatHex(PKI.root.getEncoded());
        assertTrue(token.contains(tsa + root) || token.contains(root + tsa));
        return token.contains(tsa + root)
                ? token.replace(tsa + root, root + tsa)
                : token.replace(root + tsa, tsa + root);
    }

    @Test
    void aSignatureMayCarryAStampWithItsWholeChain() {
        var seals = new Seals(PKI.die);
        StampAuthority whole = imprint -> {
            var request = STAMPS.request(imprint);
            return STAMPS.accept(request, PKI.respondWith(request.encoded(), List.of(PKI.tsa, PKI.root)));
        };
        var record = org.mizuhiki.house.Canonical.of(java.util.Map.of("a", "b"));
        var verified = seals.records().verify(seals.records().sign(record, PKI.author("Dr A"), whole));
        assertEquals(List.of(PKI.tsa, PKI.root), verified.signature().stampChain());
    }

    @Test
    void aTokenForSomethingElseIsRefused() {
        var token = PKI.stamps().stamp(IMPRINT);
        assertEquals(
                "stamp-broken",
                code(() -> STAMPS.verify(token, Bytes.utf8("other").sha256())));
    }

    @Test
    void anAnswerToAnEarlierRequestIsRefused() {
        var earlier = PKI.respond(STAMPS.request(IMPRINT).encoded());
        assertEquals("stamp-broken", code(() -> STAMPS.accept(STAMPS.request(IMPRINT), earlier)));
    }

    @Test
    void aSignerWithoutThePurposeIsNoAuthority() {
        var keys = TestPki.ec();
        var unfit = PKI.issue("No TSA", keys.getPublic(), KeyPurposeId.id_kp_emailProtection);
        var request = STAMPS.request(IMPRINT);
        // BouncyCastle's generator refuses such a certificate itself, so the forged token is signed without its help
        assertThrows(IllegalStateException.class, () -> PKI.respond(request.encoded(), keys.getPrivate(), unfit));
    }

    @Test
    void aTokenSignedByAnotherKeyUnderTheAuthoritysNameIsRefused() {
        var request = STAMPS.request(IMPRINT);
        var forged = PKI.respond(request.encoded(), TestPki.ec().getPrivate(), PKI.tsa);
        assertEquals("stamp-broken", code(() -> STAMPS.accept(request, forged)));
    }

    @Test
    void aRefusingAuthorityIsToldApartFromABrokenOne() {
        var request = STAMPS.request(IMPRINT);
        // TimeStampResp { PKIStatusInfo { rejection } }
        var rejected = Bytes.of((byte) 0x30, (byte) 5, (byte) 0x30, (byte) 3, (byte) 2, (byte) 1, (byte) 2);
        assertEquals("stamp-refused", code(() -> STAMPS.accept(request, rejected)));
        assertEquals("stamp-broken", code(() -> STAMPS.accept(request, Bytes.utf8("<html>"))));
    }

    @Test
    void everyFlippedBitOfATokenIsRefused() {
        var token = PKI.stamps().stamp(IMPRINT).toArray();
        for (int bit = 0; bit < token.length * 8; bit++) {
            token[bit / 8] ^= (byte) (1 << bit % 8);
            var flipped = Bytes.of(token);
            assertThrows(Refusal.class, () -> STAMPS.verify(flipped, IMPRINT), "bit " + bit);
            token[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    @Test
    void aCertificateThatIsNotOfTheChainIsRefused() {
        var stranger = PKI.issue("Stranger", TestPki.ec().getPublic(), KeyPurposeId.id_kp_emailProtection);
        for (var more : List.of(stranger, new TestPki().root)) { // one has the root's name, but another key
            var request = STAMPS.request(IMPRINT);
            var answer = PKI.respondWith(request.encoded(), List.of(PKI.tsa, more));
            assertEquals("stamp-broken", code(() -> STAMPS.accept(request, answer)));
        }
    }

    @Test
    void requestsDifferByTheirNonce() {
        var one = STAMPS.request(IMPRINT);
        assertTrue(!one.encoded().equals(STAMPS.request(IMPRINT).encoded()));
    }
}
