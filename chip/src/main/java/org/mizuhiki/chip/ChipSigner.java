package org.mizuhiki.chip;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.function.UnaryOperator;
import org.mizuhiki.house.Bytes;

/// Somebody whose word an e-Key takes: its manufacturer, its manager, a provider.
///
/// @param key P-256
/// @param signing ECDSA with SHA-256, DER
public record ChipSigner(PublicKey key, UnaryOperator<Bytes> signing) implements UnaryOperator<Bytes> {
    public static ChipSigner of(PublicKey open, PrivateKey secret, SecureRandom die) {
        return new ChipSigner(open, content -> {
            try {
                var signature = Signature.getInstance("SHA256withECDSA");
                signature.initSign(secret, die);
                signature.update(content.toArray());
                return Bytes.of(signature.sign());
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("not a P-256 key", e);
            }
        });
    }

    @Override
    public Bytes apply(Bytes content) {
        return signing.apply(content);
    }
}
