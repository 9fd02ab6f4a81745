package org.mizuhiki.chip;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.Refusal;

/// A card on which a person's signing key is made and stays. It has two slots: each renewal makes a new key in
/// the one that is not in use, as the old key is needed until the new certificate is there.
public record SigningCard(KeySlot one, KeySlot other) {

    /// The key that is on this card.
    ///
    /// @throws Refusal `card-wrong`
    public SlotKey key(PublicKey wanted) {
        return slots().filter(s -> s.publicKey().equals(Optional.of(wanted)))
                .findFirst()
                .map(SlotKey::of)
                .orElseThrow(() -> Refusal.of(
                        "card-wrong",
                        "このカードには、この端末の持ち主の鍵がありません。登録したカードを使ってください",
                        "The key of this device's owner is not on this card; use the card that was enrolled"));
    }

    /// Makes a key beside the one in use; on a card that nobody has enrolled yet, the first.
    ///
    /// @throws Refusal `card-taken` when there is somebody's certificate and this device knows of none
    public PublicKey another(Optional<PublicKey> inUse) {
        if (inUse.isEmpty() && slots().anyMatch(s -> !s.chain().isEmpty())) {
            throw Refusal.of(
                    "card-taken",
                    "このカードはもう登録に使われています。別のカードを使ってください",
                    "This card was enrolled already, and its key would be lost; use another card");
        }
        var free = inUse.isPresent() && one.publicKey().equals(inUse) ? other : one;
        if (!free.chain().isEmpty()) {
            free.clear(); // of the certificate before the one in use
        }
        return free.generate();
    }

    /// The card shows its owner's certificate wherever it is used.
    public void carry(List<X509Certificate> chain) {
        var key = Optional.of(chain.getFirst().getPublicKey());
        slots().filter(s -> s.publicKey().equals(key))
                .forEach(s -> s.store(chain.subList(0, Math.min(2, chain.size()))));
    }

    private Stream<KeySlot> slots() {
        return Stream.of(one, other);
    }
}
