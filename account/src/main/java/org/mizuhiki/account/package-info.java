/// The person's side of an account: a master key made on the device, the ways to it (password, passkey,
/// national ID card, recovery code, guardians), the keyring that it closes. Servers see closed bytes only.
@NullMarked
@Room(
        purpose = "How does a person come to the keys, and back to them when something is lost?",
        leansOn = {"oprf", "seal", "chip", "keys", "store", "wire"})
package org.mizuhiki.account;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
