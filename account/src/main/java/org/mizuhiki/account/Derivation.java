package org.mizuhiki.account;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Secret;

/// Keys out of keys: HKDF-SHA-256 (RFC 5869) whose info is a canonical record, so that no two purposes,
/// persons, kinds or names ever share a key.
final class Derivation {
    private static final int BYTES = 32;

    private Derivation() {}

    /// @return 32 bytes
    static Secret derive(Secret from, String purpose, Map<String, String> context) {
        var info = new TreeMap<>(context);
        info.put("purpose", "mizuhiki account v1 " + purpose);
        return from.lend(key -> {
            try {
                var spec = HKDFParameterSpec.ofExtract()
                        .addIKM(new SecretKeySpec(key, "Generic"))
                        .thenExpand(Canonical.of(info).encode().toArray(), BYTES);
                return Secret.taking(KDF.getInstance("HKDF-SHA256").deriveData(spec));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has HKDF-SHA256", e);
            }
        });
    }

    /// The two one after the other, as one secret.
    static Secret joined(Secret first, byte... second) {
        return first.lend(f -> {
            var both = Arrays.copyOf(f, f.length + second.length);
            System.arraycopy(second, 0, both, f.length, second.length);
            return Secret.taking(both);
        });
    }
}
