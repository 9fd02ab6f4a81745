package org.mizuhiki.dues;

import java.util.Optional;
import org.mizuhiki.house.Refusal;

/// Who sends the invoices.
///
/// @param registration absent: an issuer who is not registered may charge no tax separately, and the
/// invoice says that it is no qualified one
/// @param payTo the account to be paid to
/// @param days after the date of issue until it is to be paid
public record Issuer(String name, String address, Optional<RegistrationNumber> registration, String payTo, int days) {
    /// @throws Refusal `text-malformed`, `issuer-malformed`
    public Issuer {
        Words.needed(64, name);
        Words.needed(120, address);
        Words.needed(160, payTo);
        if (days < 0 || days > 365) {
            throw Refusal.of("issuer-malformed", "支払期日は0日から365日後です", "To be paid within 0 to 365 days");
        }
    }
}
