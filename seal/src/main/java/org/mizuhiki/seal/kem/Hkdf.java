package org.mizuhiki.seal.kem;

import java.security.GeneralSecurityException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.mizuhiki.house.Secret;

/// HKDF with SHA-256 (RFC 5869) through the JDK's own KDF.
public final class Hkdf {
    private Hkdf() {}

    /// @param salt may be empty
    /// @return `size` bytes
    public static Secret derive(Secret key, byte[] salt, byte[] info, int size) {
        return key.lend(k -> {
            try {
                var input = HKDFParameterSpec.ofExtract().addIKM(new SecretKeySpec(k, "Generic"));
                var salted = salt.length == 0 ? input : input.addSalt(salt);
                return Secret.taking(KDF.getInstance("HKDF-SHA256").deriveData(salted.thenExpand(info, size)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has HKDF-SHA256", e);
            }
        });
    }
}
