package org.mizuhiki.oprf;

import java.security.SecureRandom;
import java.util.Arrays;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.oprf.ristretto.Scalar;

/// The client's side of RFC 9497, 3.3.1: an input that servers evaluate without seeing it. Good for one
/// evaluation; wiped on close.
public final class Blinding implements AutoCloseable {
    /// Longest input in bytes (RFC 9497, 1.2).
    public static final int MAX_INPUT = (1 << 16) - 1;

    private static final byte[] FINALIZE = Suite.ascii("Finalize");

    private final Secret input;
    private final Scalar blind;
    private final Bytes request;

    Blinding(Secret input, Scalar blind) {
        if (input.size() > MAX_INPUT) {
            throw Refusal.of("input-too-long", "入力が長すぎます（65535バイトまで）", "An input has at most 65535 bytes");
        }
        this.input = input.lend(bytes -> Secret.taking(bytes.clone()));
        this.blind = blind;
        this.request = Bytes.of(
                input.lend(bytes -> Suite.hashToGroup(bytes).times(blind).encode()));
    }

    /// @param input copied; the caller wipes its own
    /// @throws Refusal `input-too-long`
    public static Blinding of(Secret input, SecureRandom die) {
        return new Blinding(input, Scalar.random(die));
    }

    /// The blinded element, 32 bytes, which looks the same for all inputs.
    public Bytes request() {
        return request;
    }

    /// Finalize: 64 bytes that only this input and the servers' key give.
    ///
    /// @throws Refusal `element-malformed`, `element-identity`
    public Secret finish(Bytes evaluated) {
        var element = Suite.element(evaluated);
        byte[] unblinded;
        try (var inverse = blind.inverse()) {
            unblinded = element.times(inverse).encode();
        }
        var hashed = input.lend(bytes -> Suite.joined(Suite.prefixed(bytes), Suite.prefixed(unblinded), FINALIZE));
        var output = Secret.taking(Hashes.sha512(hashed));
        Arrays.fill(hashed, (byte) 0);
        Arrays.fill(unblinded, (byte) 0);
        return output;
    }

    @Override
    public void close() {
        input.close();
        blind.close();
    }

    @Override
    public String toString() {
        return "Blinding[redacted]";
    }
}
