package org.mizuhiki.registration;

import java.security.PublicKey;
import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;

/// What a chip signs when a certificate was loaded: that the key of a tier is in it, at this very place of
/// the file. ECDSA (SHA-256, DER) over the canonical record `act` (the act before), `certificate` (SHA-256
/// of what was loaded), `form` = `mizuhiki-receipt-1`, `tier` (1 or 2, whose key signs).
final class ChipReceipt {
    private ChipReceipt() {}

    /// @param before the act after which it is loaded: a receipt for one place is worth nothing at another
    static Bytes content(Chip.Tier tier, Digest before, Digest certificate) {
        return Canonical.of(Map.of(
                        "form", "mizuhiki-receipt-1",
                        "tier", tier.text(),
                        "act", before.hex(),
                        "certificate", certificate.hex()))
                .encode();
    }

    static boolean holds(Chip.Tier tier, Digest before, Digest certificate, PublicKey key, Bytes receipt) {
        return Crypto.verifies(key, content(tier, before, certificate), receipt);
    }
}
