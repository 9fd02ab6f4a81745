package org.mizuhiki.chip;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import org.mizuhiki.house.Bytes;

/// P-256 keys as cards write them: an uncompressed point of 65 bytes.
public final class Points {
    private static final int SIZE = 65;
    private static final ECParameterSpec P256 = p256();

    private Points() {}

    private static ECParameterSpec p256() {
        try {
            var parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    public static PublicKey key(Bytes point) {
        var raw = point.toArray();
        if (raw.length != SIZE || raw[0] != 4) {
            throw new IllegalArgumentException("not an uncompressed P-256 point");
        }
        var w = new ECPoint(
                new BigInteger(1, Arrays.copyOfRange(raw, 1, 33)), new BigInteger(1, Arrays.copyOfRange(raw, 33, 65)));
        try {
            return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(w, P256));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a P-256 point", e);
        }
    }

    /// @throws IllegalArgumentException for a key of another kind
    public static Bytes point(PublicKey key) {
        if (!(key instanceof ECPublicKey ec) || !ec.getParams().getOrder().equals(P256.getOrder())) {
            throw new IllegalArgumentException("not a P-256 key");
        }
        var raw = new byte[SIZE];
        raw[0] = 4;
        put(ec.getW().getAffineX(), raw, 1);
        put(ec.getW().getAffineY(), raw, 33);
        return Bytes.of(raw);
    }

    private static void put(BigInteger number, byte[] target, int at) {
        var raw = number.toByteArray();
        int from = Math.max(0, raw.length - 32);
        System.arraycopy(raw, from, target, at + 32 - (raw.length - from), raw.length - from);
    }
}
