package org.mizuhiki.chip;

import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;

/// How an e-Key comes into the world: its manufacturer puts the applet on a card, which makes its identity
/// key, and signs what the device is (initial registration, table A.1); its manager gives the device its
/// code.
public record EKeyFactory(ChipSigner manufacturer, ChipSigner manager) {
    /// @param card without an e-Key
    /// @param text what the device is
    /// @param services 1 to 16
    /// @param code of slot 0, 16 bytes
    public EKey make(SoftCard card, String text, int services, Secret code) {
        card.install(Programs.EKEY, EKey.parameters(manufacturer.key(), services));
        var key = EKey.on(card);
        key.personalise(manager.key(), text, manufacturer);
        key.order(ChipOrder.deviceCode(), Optional.of(code), manager);
        return key;
    }

    /// Brings a service onto it.
    ///
    /// @param name 16 bytes
    public void install(EKey key, int slot, ChipSigner provider, Bytes name, Secret code) {
        key.order(ChipOrder.install(slot, provider.key(), name), Optional.of(code), manager);
    }
}
