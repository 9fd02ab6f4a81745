package javacard.security;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import org.mizuhiki.javacard.Machine;

public final class KeyPair {
    public static final byte ALG_RSA_CRT = 2;
    public static final byte ALG_EC_FP = 5;

    private final PublicKey publicKey;
    private final PrivateKey privateKey;

    @SuppressWarnings("unused") // revival from an image fills the fields
    private KeyPair() {
        publicKey = new P256Public();
        privateKey = new P256Private();
    }

    public KeyPair(byte algorithm, short keyLength) {
        boolean rsa = algorithm == ALG_RSA_CRT;
        if (!rsa && algorithm != ALG_EC_FP) {
            throw new CryptoException(CryptoException.NO_SUCH_ALGORITHM);
        }
        publicKey = (PublicKey)
                KeyBuilder.buildKey(rsa ? KeyBuilder.TYPE_RSA_PUBLIC : KeyBuilder.TYPE_EC_FP_PUBLIC, keyLength, false);
        privateKey = (PrivateKey) KeyBuilder.buildKey(
                rsa ? KeyBuilder.TYPE_RSA_CRT_PRIVATE : KeyBuilder.TYPE_EC_FP_PRIVATE, keyLength, false);
    }

    public KeyPair(PublicKey publicKey, PrivateKey privateKey) {
        boolean pair = (publicKey instanceof P256Public && privateKey instanceof P256Private)
                || (publicKey instanceof RsaPublic && privateKey instanceof RsaPrivate);
        if (!pair) {
            throw new CryptoException(CryptoException.ILLEGAL_VALUE);
        }
        this.publicKey = publicKey;
        this.privateKey = privateKey;
    }

    public PublicKey getPublic() {
        return publicKey;
    }

    public PrivateKey getPrivate() {
        return privateKey;
    }

    /// Two permanent writes, one per key: an applet that must not wake up between them uses a transaction.
    public void genKeyPair() {
        try {
            if (publicKey instanceof P256Public w && privateKey instanceof P256Private s) {
                ec(w, s);
            } else if (publicKey instanceof RsaPublic n && privateKey instanceof RsaPrivate p) {
                rsa(n, p);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK makes such keys", e);
        }
    }

    private static void ec(P256Public publicKey, P256Private privateKey) throws GeneralSecurityException {
        Machine.current().memory().spend(10_000);
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(
                new ECGenParameterSpec("secp256r1"), Machine.current().die());
        var made = generator.generateKeyPair();
        var w = ((java.security.interfaces.ECPublicKey) made.getPublic()).getW();
        var s = ((java.security.interfaces.ECPrivateKey) made.getPrivate()).getS();
        var point = new byte[65];
        point[0] = 4;
        number(w.getAffineX(), point, 1, 32);
        number(w.getAffineY(), point, 33, 32);
        publicKey.assumeDomain();
        privateKey.assumeDomain();
        publicKey.putAll(0, point);
        privateKey.putAll(0, number(s, new byte[32], 0, 32));
    }

    private static void rsa(RsaPublic publicKey, RsaPrivate privateKey) throws GeneralSecurityException {
        Machine.current().memory().spend(2_000_000);
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(publicKey.getSize(), Machine.current().die());
        var made = (java.security.interfaces.RSAPrivateCrtKey)
                generator.generateKeyPair().getPrivate();
        int half = publicKey.getSize() / 16;
        publicKey.putAll(
                0,
                number(made.getModulus(), new byte[2 * half], 0, 2 * half),
                number(RsaPrivate.EXPONENT, new byte[3], 0, 3));
        privateKey.putAll(
                0,
                number(made.getPrimeP(), new byte[half], 0, half),
                number(made.getPrimeQ(), new byte[half], 0, half),
                number(made.getPrimeExponentP(), new byte[half], 0, half),
                number(made.getPrimeExponentQ(), new byte[half], 0, half),
                number(made.getCrtCoefficient(), new byte[half], 0, half));
    }

    private static byte[] number(BigInteger value, byte[] target, int offset, int length) {
        var raw = value.toByteArray();
        int from = Math.max(0, raw.length - length);
        System.arraycopy(raw, from, target, offset + length - (raw.length - from), raw.length - from);
        Arrays.fill(raw, (byte) 0);
        return target;
    }
}
