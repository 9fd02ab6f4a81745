package org.mizuhiki.trust;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;

/// Where an authority's own keys live. A key is a JCA handle and may be one that never leaves a hardware
/// module.
public interface SigningKeys {
    /// @throws org.mizuhiki.house.Refusal `key-file-unreadable` when there is none of this name
    PrivateKey key(String name);

    /// Makes a key on this curve (`secp256r1`, `secp384r1`), replacing an older one of the name.
    PublicKey make(String name, String curve);

    /// PKCS#8 files `<name>.key`, mode 0600, in a folder of mode 0700.
    static SigningKeys inFolder(Path folder, SecureRandom die) {
        return new FileKeys(folder, die);
    }
}
