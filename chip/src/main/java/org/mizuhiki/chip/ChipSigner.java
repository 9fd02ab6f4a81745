package org.mizuhiki.chip;

import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.function.UnaryOperator;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;

/// Somebody whose word an e-Key takes: its manufacturer, its manager, a provider.
///
/// @param key P-256
/// @param signing ECDSA with SHA-256, DER
public record ChipSigner(PublicKey key, UnaryOperator<Bytes> signing) implements UnaryOperator<Bytes> {
    public static ChipSigner of(PublicKey open, PrivateKey secret, SecureRandom die) {
        return new ChipSigner(open, content -> Crypto.signed(secret, die, content));
    }

    @Override
    public Bytes apply(Bytes content) {
        return signing.apply(content);
    }
}
