package org.mizuhiki.chip;

import java.security.PublicKey;
import java.security.SecureRandom;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Secret;

/// K_inst, 32 bytes: the service makes it for an institution, seals it to each of the institution's
/// elements, and names by it the cards on a revocation list.
public final class InstitutionSecret {
    private static final int SIZE = 32;
    private static final int SPKI_MOST = 512;

    private final Secret key;

    /// @param key 32 bytes; must stay open as long as this
    public InstitutionSecret(Secret key) {
        if (key.size() != SIZE) {
            throw new IllegalArgumentException("K_inst has 32 bytes");
        }
        this.key = key;
    }

    /// The medical card ID that the institution's elements give this card: HMAC-SHA-256(K_inst,
    /// SubjectPublicKeyInfo). Unguessable without K_inst, the same at all terminals, whatever the card
    /// signs with; a renewed card has a new key and another ID ([CardRenewal]).
    public Digest cardId(PublicKey card) {
        var spki = card.getEncoded();
        if (spki.length > SPKI_MOST) {
            throw new IllegalArgumentException("not a card's key");
        }
        return key.lend(k -> Digest.ofHash(ChipSealing.hmac(k, spki)));
    }

    /// The ID that one element alone gives it.
    public Digest terminalCardId(ElementKey element, PublicKey card) {
        var message = EKey.joined(
                Bytes.of(element.name().toArray()), Bytes.of(cardId(card).toArray()));
        return key.lend(k -> Digest.ofHash(ChipSealing.hmac(k, message.toArray())));
    }

    /// Seals K_inst for one element, as its applet opens it (`curve.Unsealing`).
    ///
    /// @param agreement of [TerminalElement.InstitutionKeys]
    /// @return `ephemeral point(65) ‖ masked(32) ‖ tag(32)`
    public Bytes sealed(ElementKey element, PublicKey agreement, SecureRandom die) {
        return ChipSealing.seal(key, agreement, element.name(), die);
    }
}
