package org.mizuhiki.chip;

import org.junit.jupiter.api.Tag;

/// The card of the house keeps the contract.
@Tag("N7")
class EKeyOnSoftCardTest extends SecureElementContract {
    @Override
    SecureElement element() {
        return Factory.equipped(Factory.blank());
    }
}
