package org.mizuhiki.oprf;

import java.security.SecureRandom;
import java.util.Arrays;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.oprf.ristretto.Element;
import org.mizuhiki.oprf.ristretto.Scalar;

/// A key pair of the key exchange, lasting or for one log-in.
final class KeyPair implements AutoCloseable {
    private static final byte[] INFO = Suite.ascii("OPAQUE-DeriveDiffieHellmanKeyPair");

    private final Scalar scalar;
    private final byte[] encoded;

    KeyPair(Scalar scalar) {
        this.scalar = scalar;
        this.encoded = Element.generatorTimes(scalar).encode();
    }

    /// DeriveDiffieHellmanKeyPair of RFC 9807, 6.4.1; wipes the seed.
    static KeyPair derive(byte[] seed) {
        var pair = new KeyPair(Suite.deriveKey(seed, INFO));
        Arrays.fill(seed, (byte) 0);
        return pair;
    }

    static KeyPair random(SecureRandom die) {
        var seed = new byte[Messages.SEED];
        die.nextBytes(seed);
        return derive(seed);
    }

    byte[] publicKey() {
        return encoded.clone();
    }

    /// @throws Refusal `element-malformed`, `element-identity`
    byte[] dh(byte[] othersPublicKey) {
        return Suite.element(Bytes.of(othersPublicKey)).times(scalar).encode();
    }

    @Override
    public void close() {
        scalar.close();
    }
}
