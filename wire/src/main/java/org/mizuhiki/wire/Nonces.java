package org.mizuhiki.wire;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.mizuhiki.house.Bytes;

/// Nonces that are good once and for some time, in constant memory however many are asked for: 32 bytes
/// with a number, a time and a seal over both that only this process can make; and a bit for each of the
/// newest numbers. After a restart, or when many were given out since, whoever shows one is refused and
/// fetches another.
public final class Nonces {
    /// One address without a certificate gets 600 requests a minute, so it takes two hours to use up
    /// another's.
    private static final int REMEMBERED = 1 << 16;

    private static final int SEALED = 2 * Long.BYTES;
    private static final int SEAL = 16;

    private final SecretKeySpec key;
    private final Duration life;
    private final Clock clock;
    private final BitSet used = new BitSet(REMEMBERED);
    private long next;

    public Nonces(Duration life, Clock clock, SecureRandom die) {
        var fresh = new byte[32];
        die.nextBytes(fresh);
        this.key = new SecretKeySpec(fresh, "HmacSHA256");
        this.life = life;
        this.clock = clock;
    }

    public synchronized Bytes fresh() {
        used.clear((int) (next % REMEMBERED));
        return Bytes.of(sealed(next++, clock.millis()));
    }

    /// True once for each nonce, within its life.
    public synchronized boolean take(Bytes shown) {
        if (shown.size() != SEALED + SEAL) {
            return false;
        }
        var bytes = ByteBuffer.wrap(shown.toArray());
        long number = bytes.getLong();
        long made = bytes.getLong();
        boolean ours = MessageDigest.isEqual(bytes.array(), sealed(number, made));
        if (!ours || number < next - REMEMBERED || clock.millis() - made >= life.toMillis()) {
            return false;
        }
        int place = (int) (number % REMEMBERED);
        boolean first = !used.get(place);
        used.set(place);
        return first;
    }

    private byte[] sealed(long number, long made) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            var bytes =
                    ByteBuffer.allocate(SEALED).putLong(number).putLong(made).array();
            return ByteBuffer.allocate(SEALED + SEAL)
                    .put(bytes)
                    .put(Arrays.copyOf(mac.doFinal(bytes), SEAL))
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }
}
