package org.mizuhiki.chip;

import org.mizuhiki.house.Secret;

/// A place where keys are made, used and never taken out: slot 0 is the device's own, the others are for
/// services. A card, a token behind PKCS#11 or a TPM can stand behind it; what all of them must do is in
/// `SecureElementContract` of the tests.
public interface SecureElement extends AutoCloseable {
    /// How many slots there are for services, numbered from 1.
    int services();

    /// How wrong codes are held off.
    WrongCodes wrongCodes();

    /// Opens nothing yet: the code is shown at each use, and only this slot is open then.
    ///
    /// @param code of the slot; must stay open as long as the slot is used
    /// @throws org.mizuhiki.house.Refusal `chip-slot-unknown`
    KeySlot slot(int number, Secret code);

    @Override
    void close();
}
