package org.mizuhiki.ike;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;

/// The private key by which a router proves itself.
public sealed interface OwnKey {
    /// The rule: the key lies in a token behind PKCS#11 and never leaves it; the engine asks for
    /// signatures.
    ///
    /// @param module name of the token's library in [Charon.Setup#modules]
    /// @param slot   number of the token's slot
    /// @param handle the key's CKA_ID
    /// @param pin    opens the token
    record InToken(String module, long slot, Bytes handle, Secret pin) implements OwnKey {}

    /// For labs: a key as PKCS#8 or in PEM.
    record InHand(Secret key) implements OwnKey {}
}
