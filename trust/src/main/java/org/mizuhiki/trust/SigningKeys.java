package org.mizuhiki.trust;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Clock;
import org.mizuhiki.house.Secret;

/// Where an authority's own keys live. A key is a JCA handle and may be one that never leaves a hardware
/// module.
public interface SigningKeys {
    /// @throws org.mizuhiki.house.Refusal `key-file-unreadable` when there is none of this name
    PrivateKey key(String name);

    /// Makes a key on this curve (`secp256r1`, `secp384r1`), replacing an older one of the name.
    PublicKey make(String name, String curve);

    /// Keys in the first token of a PKCS#11 library, such as SoftHSM's or a hardware module's.
    ///
    /// @param pin the user's; not kept
    /// @param clock for the place-holder certificates beside the keys
    /// @throws org.mizuhiki.house.Refusal `token-unreadable`
    static SigningKeys inToken(Path library, Secret pin, Clock clock) {
        return new TokenKeys(library, pin, clock);
    }

    /// PKCS#8 files `<name>.key`, mode 0600, in a folder of mode 0700.
    static SigningKeys inFolder(Path folder, SecureRandom die) {
        return new FileKeys(folder, die);
    }
}
