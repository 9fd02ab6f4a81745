package org.mizuhiki.oprf;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.MessageDigest;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Hash, MAC and KDF of the suite (RFC 9807, 7): SHA-512, HMAC-SHA-512, HKDF-SHA-512, all from the JDK.
final class Hashes {
    /// Nh, Nm and Nx of RFC 9807.
    static final int SIZE = 64;

    private static final byte[] NO_SALT = new byte[SIZE];

    private Hashes() {}

    static byte[] sha512(byte[]... parts) {
        try {
            var hash = MessageDigest.getInstance("SHA-512");
            for (var part : parts) {
                hash.update(part);
            }
            return hash.digest();
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    static byte[] mac(byte[] key, byte[]... parts) {
        try {
            var mac = Mac.getInstance("HmacSHA512");
            mac.init(new SecretKeySpec(key, "HmacSHA512"));
            for (var part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    /// HKDF-Extract without salt (RFC 5869, 2.2), which is a MAC under 64 zero bytes.
    static byte[] extract(byte[]... secrets) {
        return mac(NO_SALT, secrets);
    }

    /// HKDF-Expand (RFC 5869, 2.3).
    static byte[] expand(byte[] key, byte[] info, int length) {
        try {
            return KDF.getInstance("HKDF-SHA512")
                    .deriveData(HKDFParameterSpec.expandOnly(new SecretKeySpec(key, "HKDF"), info, length));
        } catch (InvalidAlgorithmParameterException e) {
            throw new IllegalArgumentException("no key or length of HKDF", e);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private static IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("every JDK 25 has SHA-512, HMAC and HKDF", e);
    }
}
