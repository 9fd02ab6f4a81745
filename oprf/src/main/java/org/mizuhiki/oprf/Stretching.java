package org.mizuhiki.oprf;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// How the client makes each guess dear, also for who has both servers: the key stretching function of
/// RFC 9807, 2.2, over the output of the oblivious function. Runs on the person's device only.
@FunctionalInterface
public interface Stretching {
    /// Argon2id as RFC 9106 recommends where memory is short, which is what @serenity-kit/opaque does when
    /// told nothing: 64 MiB, 3 passes, 4 lanes.
    Stretching STOCK = argon2id(1 << 16, 3, 4);

    /// @param output 64 bytes; stays the caller's
    /// @return 64 bytes, the caller's to wipe
    byte[] stretch(byte[] output);

    /// Argon2id (RFC 9106), version 0x13, salt of 16 zero bytes as RFC 9807, 7 says: the output of the
    /// oblivious function is already as good as salted.
    ///
    /// @param memory in KiB
    static Stretching argon2id(int memory, int passes, int lanes) {
        var parameters = new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memory)
                .withIterations(passes)
                .withParallelism(lanes)
                .withSalt(new byte[16])
                .build();
        return output -> {
            var generator = new Argon2BytesGenerator();
            generator.init(parameters);
            var stretched = new byte[Hashes.SIZE];
            generator.generateBytes(output, stretched);
            return stretched;
        };
    }

    /// Nothing at all, as in the vectors of RFC 9807: who has both servers tries passwords at full speed.
    static Stretching insecureIdentity() {
        return byte[]::clone;
    }
}
