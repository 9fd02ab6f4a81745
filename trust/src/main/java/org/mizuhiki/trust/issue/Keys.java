package org.mizuhiki.trust.issue;

import java.math.BigInteger;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.rfc7748.X25519;

/// Whether a public key is one that may be certified.
public final class Keys {
    static final ASN1ObjectIdentifier XWING = new ASN1ObjectIdentifier("1.3.6.1.4.1.62253.25722");
    private static final X9ECParameters P256 = SECNamedCurves.getByOID(SECObjectIdentifiers.secp256r1);
    private static final int MLKEM_768 = 1184;
    private static final int MLKEM_VECTOR = 1152;
    private static final int XWING_SIZE = 1216;
    private static final int Q = 3329;
    private static final int TRIVIAL = 256;

    /// Keys whose private half is 1 to 256 or their negatives: what a broken generator or a test vector
    /// gives.
    private static final Set<BigInteger> KNOWN = trivial();

    private Keys() {}

    static Optional<Profile.Key> kind(SubjectPublicKeyInfo key) {
        var algorithm = key.getAlgorithm();
        if (algorithm.getAlgorithm().equals(XWING)) {
            return Optional.of(Profile.Key.XWING);
        }
        if (!algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)) {
            return Optional.empty();
        }
        if (SECObjectIdentifiers.secp256r1.equals(algorithm.getParameters())) {
            return Optional.of(Profile.Key.P256);
        }
        return SECObjectIdentifiers.secp384r1.equals(algorithm.getParameters())
                ? Optional.of(Profile.Key.P384)
                : Optional.empty();
    }

    /// A named-curve P-256 key, uncompressed, on the curve (SP 800-56A, 5.6.2.3.3), and not a known one.
    /// P-256 has cofactor 1: on the curve means of full order.
    public static boolean isFitP256(SubjectPublicKeyInfo key) {
        if (!kind(key).equals(Optional.of(Profile.Key.P256))) {
            return false;
        }
        var bytes = key.getPublicKeyData().getBytes();
        if (bytes.length != 65 || bytes[0] != 4) {
            return false;
        }
        try {
            ECPoint point = P256.getCurve().decodePoint(bytes);
            return point.isValid()
                    && !KNOWN.contains(point.normalize().getAffineXCoord().toBigInteger());
        } catch (IllegalArgumentException e) {
            return false; // not on the curve
        }
    }

    /// ML-KEM-768 encapsulation key check (FIPS 203, 7.2) and an X25519 key that is not of small order.
    public static boolean isFitXWing(byte... key) {
        if (key.length != XWING_SIZE) {
            return false;
        }
        for (int i = 0; i < MLKEM_VECTOR; i += 3) {
            int low = (key[i] & 0xff) | (key[i + 1] & 0x0f) << 8;
            int high = (key[i + 1] & 0xf0) >> 4 | (key[i + 2] & 0xff) << 4;
            if (low >= Q || high >= Q) {
                return false;
            }
        }
        var any = new byte[X25519.SCALAR_SIZE];
        any[0] = 8;
        return X25519.calculateAgreement(any, 0, key, MLKEM_768, new byte[X25519.POINT_SIZE], 0);
    }

    private static Set<BigInteger> trivial() {
        var found = new HashSet<BigInteger>();
        var point = P256.getG();
        for (int i = 0; i < TRIVIAL; i++) {
            found.add(point.normalize().getAffineXCoord().toBigInteger());
            point = point.add(P256.getG());
        }
        return found;
    }
}
