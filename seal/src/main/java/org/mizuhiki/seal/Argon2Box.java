package org.mizuhiki.seal;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;

/// Argon2id (RFC 9106) and AES-256-GCM. A box is a 44-byte header {magic 8, memory KiB 4, passes 2, lanes
/// 2, salt 16, nonce 12}, which is authenticated, and the ciphertext with its tag; numbers are big-endian.
final class Argon2Box implements PassphraseBox {
    private static final byte[] MAGIC = {'M', 'Z', 'B', 'O', 'X', 0, 0, 1};
    private static final int SALT = 16;
    private static final int NONCE = 12;
    private static final int TAG = 16;
    private static final int HEADER = MAGIC.length + 8 + SALT + NONCE;

    /// A keyring has some kilobytes; older keys add up over decades.
    private static final int MAX_CONTENT = 1 << 20;

    /// What guessing one passphrase costs.
    ///
    /// @param memory KiB
    record Cost(int memory, int passes, int lanes) {
        static final Cost USUAL = new Cost(64 << 10, 3, 1);

        /// A box from elsewhere must not ask this machine for 100 GB or for an hour.
        boolean bearable() {
            return memory >= 1 << 10 && memory <= 256 << 10 && passes >= 1 && passes <= 8 && lanes >= 1 && lanes <= 4;
        }
    }

    private final SecureRandom die;
    private final Cost cost;

    Argon2Box(SecureRandom die, Cost cost) {
        this.die = die;
        this.cost = cost;
    }

    @Override
    public Bytes close(Secret content, Secret passphrase) {
        if (content.size() > MAX_CONTENT) {
            throw No.BOX_MALFORMED.refusal();
        }
        var random = new byte[SALT + NONCE];
        die.nextBytes(random);
        var header = ByteBuffer.allocate(HEADER)
                .put(MAGIC)
                .putInt(cost.memory())
                .putShort((short) cost.passes())
                .putShort((short) cost.lanes())
                .put(random)
                .array();
        var closed = content.lend(c -> crypt(Cipher.ENCRYPT_MODE, header, cost, passphrase, c));
        return Bytes.of(ByteBuffer.allocate(HEADER + closed.length)
                .put(header)
                .put(closed)
                .array());
    }

    @Override
    public Secret open(Bytes box, Secret passphrase) {
        if (box.size() < HEADER + TAG || box.size() > HEADER + MAX_CONTENT + TAG) {
            throw No.BOX_MALFORMED.refusal();
        }
        var bytes = box.toArray();
        var header = ByteBuffer.wrap(bytes, 0, HEADER);
        var magic = new byte[MAGIC.length];
        header.get(magic);
        var asked = new Cost(header.getInt(), header.getShort(), header.getShort());
        if (!Arrays.equals(magic, MAGIC) || !asked.bearable()) {
            throw No.BOX_MALFORMED.refusal();
        }
        return Secret.taking(crypt(
                Cipher.DECRYPT_MODE,
                Arrays.copyOf(bytes, HEADER),
                asked,
                passphrase,
                Arrays.copyOfRange(bytes, HEADER, bytes.length)));
    }

    private static byte[] crypt(int mode, byte[] header, Cost cost, Secret passphrase, byte[] input) {
        try (var key = key(header, cost, passphrase)) {
            return key.lend(k -> No.PASSPHRASE_WRONG.unless(() -> {
                var nonce = Arrays.copyOfRange(header, HEADER - NONCE, HEADER);
                var cipher = Cipher.getInstance("AES/GCM/NoPadding");
                cipher.init(mode, new SecretKeySpec(k, "AES"), new GCMParameterSpec(8 * TAG, nonce));
                cipher.updateAAD(header);
                return cipher.doFinal(input);
            }));
        }
    }

    private static Secret key(byte[] header, Cost cost, Secret passphrase) {
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memory())
                .withIterations(cost.passes())
                .withParallelism(cost.lanes())
                .withSalt(Arrays.copyOfRange(header, HEADER - NONCE - SALT, HEADER - NONCE))
                .build());
        var key = new byte[32];
        passphrase.lend(p -> generator.generateBytes(p, key));
        return Secret.taking(key);
    }
}
