package org.mizuhiki.enrol.acme;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.mizuhiki.house.Refusal;

/// Nonces that are good once (RFC 8555, 6.5), in constant memory however many are asked for: a number and a
/// seal over it that only this process can make, and a bit for each of the newest numbers. After a restart,
/// or when many were given out since, a client is refused and tries again with the fresh nonce beside the
/// refusal.
final class Nonces {
    /// One address without a certificate gets 600 requests a minute, so it takes two hours to use up
    /// another's.
    private static final int REMEMBERED = 1 << 16;

    private static final int SEAL_BYTES = 16;

    private final SecretKeySpec key;
    private final BitSet used = new BitSet(REMEMBERED);
    private long next;

    Nonces(SecureRandom die) {
        var fresh = new byte[32];
        die.nextBytes(fresh);
        this.key = new SecretKeySpec(fresh, "HmacSHA256");
    }

    synchronized String fresh() {
        used.clear((int) (next % REMEMBERED));
        return written(next++);
    }

    /// True once for each nonce.
    synchronized boolean take(String shown) {
        byte[] bytes;
        try {
            bytes = Fields.decode(shown);
        } catch (Refusal e) {
            return false;
        }
        if (bytes.length != Long.BYTES + SEAL_BYTES) {
            return false;
        }
        long number = ByteBuffer.wrap(bytes).getLong();
        if (!MessageDigest.isEqual(bytes, sealed(number)) || number < next - REMEMBERED) {
            return false;
        }
        int place = (int) (number % REMEMBERED);
        boolean first = !used.get(place);
        used.set(place);
        return first;
    }

    private String written(long number) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealed(number));
    }

    private byte[] sealed(long number) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            var bytes = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
            var seal = Arrays.copyOf(mac.doFinal(bytes), SEAL_BYTES);
            return ByteBuffer.allocate(Long.BYTES + SEAL_BYTES)
                    .put(bytes)
                    .put(seal)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }
}
