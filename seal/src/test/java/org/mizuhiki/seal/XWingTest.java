package org.mizuhiki.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.bouncycastle.crypto.prng.FixedSecureRandom;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.kem.XWing;

/// The first test vector of draft-connolly-cfrg-xwing-kem, appendix C.
class XWingTest {
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    void theDraftsVectorPasses() {
        var seed = Secret.taking(hex("7f9c2ba4e88f827d616045507605853ed73b8093f6efbc88eb1a6eacfa66ef26"));
        var die = new FixedSecureRandom(hex("3cb1eea988004b93103cfb0aeefd2a686e01fa4a58e8a3639ca8a1e3f9ae57e2"
                + "35b8cc873c23dc62b8d260169afa2f75ab916a58d974918835d25e6a435085b2"));
        var expected = Secret.taking(hex("d2df0522128f09dd8e2c92b1e905c793d8f57a54c3da25861f10bf4ca613e384"));
        var made = XWing.encapsulate(XWing.publicKey(seed), die);
        assertEquals(expected, made.shared());
        assertEquals(expected, XWing.decapsulate(seed, made.ciphertext()));
    }
}
