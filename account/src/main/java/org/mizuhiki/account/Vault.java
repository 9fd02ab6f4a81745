package org.mizuhiki.account;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.mizuhiki.account.ClosedSlot.Way;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// What the store keeps, closed under the master key: the person's keyring, and the register of the ways to
/// the master key. A new master key is closed for the keys of this register only, never for what a server
/// says: a server that puts a key of its own among the slots gains nothing.
///
/// Inside: length of the register (4 bytes, big-endian), the register, the keyring.
///
/// @param keyring the device's own form
record Vault(List<Way> ways, Secret keyring) {
    private static final String PURPOSE = "keyring";
    private static final int LENGTH = 4;
    private static final int MAX_WAYS = 1 << 17;

    Vault {
        ways = List.copyOf(ways);
    }

    Vault with(Way way) {
        var more = new ArrayList<>(ways);
        more.add(way);
        return new Vault(more, keyring);
    }

    Vault withOnly(List<Way> kept) {
        return new Vault(kept, keyring);
    }

    Bytes close(MasterKey master, long number, SecureRandom die) {
        var fields = new TreeMap<String, String>();
        for (var way : ways) {
            fields.put(way.name(), way.canonical().encode().asUtf8());
        }
        var register = Canonical.of(fields).encode().toArray();
        try (var plain = keyring.lend(k -> {
            var all = java.nio.ByteBuffer.allocate(LENGTH + register.length + k.length)
                    .putInt(register.length)
                    .put(register)
                    .put(k);
            return Secret.taking(all.array());
        })) {
            return master.close(PURPOSE, context(number), plain, die);
        }
    }

    /// @throws Refusal `account-damaged`
    static Vault open(MasterKey master, long number, Bytes closed) {
        try (var plain = master.open(PURPOSE, context(number), closed)) {
            return plain.lend(Vault::read);
        }
    }

    private static Vault read(byte[] plain) {
        try {
            int length = java.nio.ByteBuffer.wrap(plain).getInt();
            if (length < 0 || length > MAX_WAYS || length > plain.length - LENGTH) {
                throw No.damaged();
            }
            var register = Canonical.decode(Bytes.of(Arrays.copyOfRange(plain, LENGTH, LENGTH + length)));
            var ways = register.fields().values().stream()
                    .map(way -> Way.read(Canonical.decode(Bytes.utf8(way))))
                    .toList();
            return new Vault(ways, Secret.taking(Arrays.copyOfRange(plain, LENGTH + length, plain.length)));
        } catch (Refusal | java.nio.BufferUnderflowException e) {
            throw No.damaged();
        }
    }

    private static Canonical context(long number) {
        return Canonical.of(Map.of("number", Long.toString(number)));
    }
}
