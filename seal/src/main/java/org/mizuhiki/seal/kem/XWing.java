package org.mizuhiki.seal.kem;

import java.security.SecureRandom;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.prng.FixedSecureRandom;
import org.bouncycastle.pqc.crypto.xwing.XWingKEMExtractor;
import org.bouncycastle.pqc.crypto.xwing.XWingKEMGenerator;
import org.bouncycastle.pqc.crypto.xwing.XWingKeyGenerationParameters;
import org.bouncycastle.pqc.crypto.xwing.XWingKeyPairGenerator;
import org.bouncycastle.pqc.crypto.xwing.XWingPrivateKeyParameters;
import org.bouncycastle.pqc.crypto.xwing.XWingPublicKeyParameters;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;

/// X-Wing over bytes (draft-connolly-cfrg-xwing-kem): safe while either X25519 or ML-KEM-768 is.
public final class XWing {
    public static final int SEED = 32;
    public static final int CIPHERTEXT = 1120;

    private XWing() {}

    /// @param ciphertext goes to the reader
    /// @param shared 32 bytes
    public record Encapsulated(Bytes ciphertext, Secret shared) {}

    /// @param seed 32 bytes from which both private keys derive
    /// @param publicKey 1216 bytes
    public record Pair(Secret seed, Bytes publicKey) {}

    public static Pair generate(SecureRandom die) {
        var pair = pairFrom(die);
        return new Pair(
                Secret.taking(((XWingPrivateKeyParameters) pair.getPrivate()).getSeed()),
                Bytes.of(((XWingPublicKeyParameters) pair.getPublic()).getEncoded()));
    }

    /// The public key that belongs to a seed.
    public static Bytes publicKey(Secret seed) {
        return seed.lend(s -> {
            var pair = pairFrom(new FixedSecureRandom(s));
            return Bytes.of(((XWingPublicKeyParameters) pair.getPublic()).getEncoded());
        });
    }

    private static AsymmetricCipherKeyPair pairFrom(SecureRandom die) {
        var generator = new XWingKeyPairGenerator();
        generator.init(new XWingKeyGenerationParameters(die));
        return generator.generateKeyPair();
    }

    /// @throws RuntimeException when the public key is not one (coefficients out of range, low-order point)
    public static Encapsulated encapsulate(Bytes publicKey, SecureRandom die) {
        var made = new XWingKEMGenerator(die).generateEncapsulated(new XWingPublicKeyParameters(publicKey.toArray()));
        return new Encapsulated(Bytes.of(made.getEncapsulation()), Secret.taking(made.getSecret()));
    }

    /// A wrong ciphertext gives a wrong secret, not an error (implicit rejection, FIPS 203).
    public static Secret decapsulate(Secret seed, Bytes ciphertext) {
        if (ciphertext.size() != CIPHERTEXT || seed.size() != SEED) {
            throw new IllegalArgumentException("an X-Wing seed has 32 bytes, its ciphertext 1120");
        }
        return seed.lend(s -> Secret.taking(
                new XWingKEMExtractor(new XWingPrivateKeyParameters(s)).extractSecret(ciphertext.toArray())));
    }
}
