package org.mizuhiki.chip;

import org.junit.jupiter.api.Tag;

/// An e-Key in a reader keeps the contract: through pcscd, its virtual reader and javax.smartcardio.
@Tag("N7")
class EKeyOverPcscTest extends SecureElementContract {
    @Override
    SecureElement element() {
        return Factory.equipped(PcscRoom.open().throughReader(Factory.blank()));
    }
}
