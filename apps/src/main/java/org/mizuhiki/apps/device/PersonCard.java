package org.mizuhiki.apps.device;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.mizuhiki.chip.EKey;
import org.mizuhiki.chip.SigningCard;

/// The card of a person whose signing key is on one; or that of a person who has none.
public final class PersonCard implements AutoCloseable {
    private final Optional<DeviceChip> chip;

    private PersonCard(Optional<DeviceChip> chip) {
        this.chip = chip;
    }

    public static PersonCard none() {
        return new PersonCard(Optional.empty());
    }

    /// @throws org.mizuhiki.house.Refusal `chip-missing`, `card-in-use`, `card-image-unreadable`
    public static PersonCard open(Path folder, SecureRandom die) {
        return new PersonCard(Optional.of(DeviceChip.open(folder, die)));
    }

    /// A new card of software, or the one of an enrolment that was cut off. Nobody provides anything into its
    /// slots: the provider's key is the chip's own, which signs nothing that could be delivered.
    public static PersonCard make(Path folder, SecureRandom die) {
        var chip = DeviceChip.isThere(folder)
                ? DeviceChip.open(folder, die)
                : DeviceChip.make(folder, "personal card", 2, die);
        var view = chip.key().view();
        while (chip.key().view().slots().get(2).state() == EKey.SlotState.FREE) {
            chip.install("person", view.identity());
        }
        return new PersonCard(Optional.of(chip));
    }

    public Optional<SigningCard> signing() {
        return chip.map(c -> new SigningCard(c.slot(1), c.slot(2)));
    }

    @Override
    public void close() {
        chip.ifPresent(DeviceChip::close);
    }
}
