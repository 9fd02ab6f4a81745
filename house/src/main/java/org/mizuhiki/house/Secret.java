package org.mizuhiki.house;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;

/// Key material or a passphrase: prints redacted, compares in constant time, is wiped on close. The JVM may
/// have copied the bytes before (garbage collection moves them); wiping shortens the time, it promises no
/// more.
public final class Secret implements AutoCloseable {
    private final byte[] value;
    private boolean closed;

    private Secret(byte[] value) {
        this.value = value;
    }

    /// Takes the array over: the caller must not keep it.
    public static Secret taking(byte... value) {
        return new Secret(value);
    }

    /// Lends the bytes to `use`, which must not keep them.
    public synchronized <T> T lend(Function<byte[], T> use) {
        if (closed) {
            throw new IllegalStateException("this secret was wiped already");
        }
        return use.apply(value);
    }

    public int size() {
        return value.length;
    }

    @Override
    public synchronized void close() {
        Arrays.fill(value, (byte) 0);
        closed = true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret s && MessageDigest.isEqual(value, s.value);
    }

    /// Constant: a hash of a secret would say something about it.
    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return "Secret[redacted]";
    }
}
