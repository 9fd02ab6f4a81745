package org.mizuhiki.account;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Secret;

/// What lies beside the slots on the key server, closed under the master key: which keyring the store must
/// at least have, so that a store that goes back in time is noticed; and, while the master key is being
/// changed, the one before, so that a change that was cut off can be finished by whoever opens the new one.
///
/// Inside: number (8 bytes), SHA-256 of the closed keyring (32), and the key before with its epoch (40) or
/// nothing.
///
/// @param keyring number of the newest closed keyring that was known
/// @param digest its SHA-256
/// @param before the master key before; absent when no change is under way
record Head(long keyring, Digest digest, Optional<MasterKey> before) {
    private static final String PURPOSE = "head";
    private static final int PLAIN = 40;
    private static final int BRIDGE = 8 + MasterKey.BYTES;

    Bytes close(MasterKey master, long number, SecureRandom die) {
        var buffer = ByteBuffer.allocate(PLAIN + (before.isPresent() ? BRIDGE : 0))
                .putLong(keyring)
                .put(digest.toArray());
        before.ifPresent(b -> b.key().lend(k -> buffer.putLong(b.epoch()).put(k)));
        try (var plain = Secret.taking(buffer.array())) {
            return master.close(PURPOSE, context(number), plain, die);
        }
    }

    /// @throws org.mizuhiki.house.Refusal `account-damaged`
    static Head open(MasterKey master, long number, Bytes closed) {
        try (var plain = master.open(PURPOSE, context(number), closed)) {
            return plain.lend(bytes -> read(master.person(), bytes));
        }
    }

    private static Head read(PersonId person, byte[] plain) {
        if (plain.length != PLAIN && plain.length != PLAIN + BRIDGE) {
            throw No.damaged();
        }
        var buffer = ByteBuffer.wrap(plain);
        long number = buffer.getLong();
        var digest = new byte[32];
        buffer.get(digest);
        if (!buffer.hasRemaining()) {
            return new Head(number, Digest.ofHash(digest), Optional.empty());
        }
        long epoch = buffer.getLong();
        var key = new byte[MasterKey.BYTES];
        buffer.get(key);
        return new Head(number, Digest.ofHash(digest), Optional.of(new MasterKey(person, epoch, Secret.taking(key))));
    }

    private static Canonical context(long number) {
        return Canonical.of(Map.of("number", Long.toString(number)));
    }
}
