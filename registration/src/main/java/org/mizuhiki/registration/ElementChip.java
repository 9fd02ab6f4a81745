package org.mizuhiki.registration;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.mizuhiki.chip.KeySlot;
import org.mizuhiki.house.Bytes;

/// The chip of a device as a secure element has it: the device's slot is tier 1, a service's slot is tier 2.
/// Keys are made in the element and stay there.
public final class ElementChip implements Chip {
    private final KeySlot device;
    private final Supplier<KeySlot> service;

    /// @param service asked at each use: the slot may be made when it is first needed
    public ElementChip(KeySlot device, Supplier<KeySlot> service) {
        this.device = device;
        this.service = service;
    }

    private KeySlot slot(Tier tier) {
        return switch (tier) {
            case DEVICE -> device;
            case SERVICE -> service.get();
        };
    }

    @Override
    public PublicKey generate(Tier tier) {
        return slot(tier).generate();
    }

    @Override
    public Bytes sign(Tier tier, Bytes content) {
        return slot(tier).sign(content);
    }

    @Override
    public void load(Tier tier, List<X509Certificate> chain) {
        slot(tier).store(chain);
    }

    @Override
    public Optional<X509Certificate> loaded(Tier tier) {
        return slot(tier).chain().stream().findFirst();
    }

    @Override
    public void clear(Tier tier) {
        slot(tier).clear();
    }
}
