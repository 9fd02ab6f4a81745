package org.mizuhiki.seal;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.kem.Hkdf;

/// One object's segments in Tink's AES-GCM-HKDF streaming format: a header {length 1, salt 32, nonce prefix
/// 7}, then segments of `size` bytes with their tags, the first one shorter by the header. Every nonce is
/// {prefix, segment number, 1 for the last segment and 0 before}, which is what refuses cut and re-ordered
/// objects.
final class Segments {
    static final int HEADER = 40;
    static final int TAG = 16;
    private static final int SALT = 32;

    private final int size;
    private final byte[] header;
    private final SecretKeySpec key;
    private final Cipher cipher;
    private long next;

    private Segments(int size, byte[] header, Secret key, Bytes context) {
        this.size = size;
        this.header = header;
        var salt = java.util.Arrays.copyOfRange(header, 1, 1 + SALT);
        try (var derived = Hkdf.derive(key, salt, context.toArray(), 32)) {
            this.key = derived.lend(k -> new SecretKeySpec(k, "AES"));
        }
        this.cipher = No.SEAL_BROKEN.unless(() -> Cipher.getInstance("AES/GCM/NoPadding"));
    }

    static Segments fresh(int size, Secret key, Bytes context, SecureRandom die) {
        var header = new byte[HEADER];
        die.nextBytes(header);
        header[0] = HEADER;
        return new Segments(size, header, key, context);
    }

    static Segments under(byte[] header, int size, Secret key, Bytes context) {
        No.SEAL_BROKEN.check(header.length == HEADER && header[0] == HEADER);
        return new Segments(size, header, key, context);
    }

    boolean isFirst() {
        return next == 0;
    }

    byte[] header() {
        return header.clone();
    }

    /// Ciphertext bytes, tag included, of the segment that comes next unless it is the last.
    int closedSize() {
        return next == 0 ? size - HEADER : size;
    }

    int plainSize() {
        return closedSize() - TAG;
    }

    /// @return bytes written to `out`
    int crypt(int mode, byte[] in, int length, byte[] out, boolean last) throws GeneralSecurityException {
        if (next > 0xffffffffL) {
            throw new GeneralSecurityException("more segments than nonces");
        }
        var nonce = ByteBuffer.allocate(12)
                .put(header, 1 + SALT, 7)
                .putInt((int) next++)
                .put((byte) (last ? 1 : 0))
                .array();
        cipher.init(mode, key, new GCMParameterSpec(8 * TAG, nonce));
        return cipher.doFinal(in, 0, length, out, 0);
    }
}
