package org.mizuhiki.apps.device;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.mizuhiki.chip.EKey;
import org.mizuhiki.chip.SigningCard;
import org.mizuhiki.house.Refusal;

/// The card of a person whose signing key is on one; or that of a person who has none.
public final class PersonCard implements AutoCloseable {
    private static final String KIND = "personal card";
    private static final int SLOTS = 2;

    private final Optional<DeviceChip> chip;

    private PersonCard(Optional<DeviceChip> chip) {
        this.chip = chip;
    }

    public static PersonCard none() {
        return new PersonCard(Optional.empty());
    }

    /// @throws Refusal `card-missing`, `card-in-use`, `card-image-unreadable`, `card-not-personal`
    public static PersonCard open(Path folder, SecureRandom die) {
        if (!DeviceChip.isThere(folder)) {
            throw Refusal.of(
                    "card-missing",
                    "このフォルダーにカードはありません: " + folder + "。登録したカードを指定してください",
                    "There is no card in " + folder + "; name the one that was enrolled");
        }
        return new PersonCard(Optional.of(personal(DeviceChip.open(folder, die))));
    }

    /// A new card of software, or the one of an enrolment that was cut off. Nobody provides anything into its
    /// slots: the provider's key is the chip's own, which signs nothing that could be delivered.
    ///
    /// @throws Refusal `card-in-use`, `card-image-unreadable`, `card-not-personal`
    public static PersonCard make(Path folder, SecureRandom die) {
        var chip = DeviceChip.isThere(folder)
                ? personal(DeviceChip.open(folder, die))
                : DeviceChip.make(folder, KIND, SLOTS, die);
        var view = chip.key().view();
        for (int slot = 1; slot <= SLOTS; slot++) {
            if (view.slots().get(slot).state() == EKey.SlotState.FREE) {
                chip.install("person-" + slot, view.identity(), chip.manager());
            }
        }
        return new PersonCard(Optional.of(chip));
    }

    /// A device's chip has its services' keys where a person's would be made.
    private static DeviceChip personal(DeviceChip chip) {
        if (chip.information().equals(KIND)) {
            return chip;
        }
        chip.close();
        throw Refusal.of(
                "card-not-personal",
                "これは個人のカードではなく、機器のチップです。別のフォルダーを指定してください",
                "This is a device's chip, not a person's card; name another folder");
    }

    public Optional<SigningCard> signing() {
        return chip.map(c -> new SigningCard(c.slot(1), c.slot(2)));
    }

    @Override
    public void close() {
        chip.ifPresent(DeviceChip::close);
    }
}
