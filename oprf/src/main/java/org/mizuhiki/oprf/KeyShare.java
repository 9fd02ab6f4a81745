package org.mizuhiki.oprf;

import java.security.SecureRandom;
import java.util.Arrays;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.oprf.ristretto.Element;
import org.mizuhiki.oprf.ristretto.Scalar;

/// A key of the oblivious function, or one of two shares whose sum is the key: k = k1 + k2. Each server
/// evaluates with its share, and the sum of both evaluations is the key's (k1·B + k2·B = k·B). A share
/// alone is a random number that says nothing about the key; who has only one cannot test a single
/// password.
public final class KeyShare implements AutoCloseable {
    /// Length of a blinded or evaluated element, and of a share.
    public static final int BYTES = Scalar.BYTES;

    /// Length of a server's seed, at least.
    public static final int SEED_BYTES = Hashes.SIZE;

    private static final byte[] OPRF_KEY = Suite.ascii("OprfKey");
    private static final byte[] OPAQUE = Suite.ascii("OPAQUE-DeriveKeyPair");

    private final Scalar scalar;

    private KeyShare(Scalar scalar) {
        this.scalar = scalar;
    }

    public static KeyShare random(SecureRandom die) {
        return new KeyShare(Scalar.random(die));
    }

    /// DeriveKeyPair of RFC 9497, 3.2.1: the same seed and info give the same key.
    public static KeyShare derive(Secret seed, Bytes info) {
        return new KeyShare(seed.lend(s -> Suite.deriveKey(s, info.toArray())));
    }

    /// The key of one ID out of a server's seed, as RFC 9807, 5.2.2 and 6.3.2.2 make it. Servers answer
    /// with it for IDs that nobody has: always the same for one ID, as if there were somebody.
    public static KeyShare ofId(Secret seed, Bytes id) {
        var drawn = seed.lend(s -> Hashes.expand(s, Suite.joined(id.toArray(), OPRF_KEY), Messages.SEED));
        var share = new KeyShare(Suite.deriveKey(drawn, OPAQUE));
        Arrays.fill(drawn, (byte) 0);
        return share;
    }

    /// A share that was kept.
    ///
    /// @throws Refusal `scalar-malformed` when these are no 32 bytes of [#toSecret]
    public static KeyShare of(Secret kept) {
        return new KeyShare(kept.lend(Scalar::decode));
    }

    /// BlindEvaluate of RFC 9497, 3.3.1: 32 bytes in, 32 bytes out.
    ///
    /// @throws Refusal `element-malformed`, `element-identity`
    public Bytes evaluate(Bytes blinded) {
        return Bytes.of(Suite.element(blinded).times(scalar).encode());
    }

    /// The evaluation by the sum of two shares, out of those by each.
    ///
    /// @throws Refusal `element-malformed`, `element-identity` also for the sum: two servers whose shares
    /// cancel would evaluate every password alike
    public static Bytes sum(Bytes oneEvaluation, Bytes otherEvaluation) {
        Element sum = Suite.element(oneEvaluation).plus(Suite.element(otherEvaluation));
        if (sum.isIdentity()) {
            throw Suite.identity();
        }
        return Bytes.of(sum.encode());
    }

    /// For a refresh: one server adds a random share, the other takes it off, and the key stays what it
    /// was. Shares stolen before from one server and afterwards from the other do not fit together.
    public KeyShare plus(KeyShare shift) {
        return new KeyShare(scalar.plus(shift.scalar));
    }

    /// See [#plus].
    public KeyShare minus(KeyShare shift) {
        return new KeyShare(scalar.minus(shift.scalar));
    }

    public Secret toSecret() {
        return scalar.toSecret();
    }

    @Override
    public void close() {
        scalar.close();
    }

    @Override
    public String toString() {
        return "KeyShare[redacted]";
    }
}
