package org.mizuhiki.seal;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;

/// Closes a keyring under a passphrase: Argon2id (64 MiB, 3 passes, 1 lane; parameters and salt in the
/// box), AES-256-GCM.
public interface PassphraseBox {
    Bytes close(Secret content, Secret passphrase);

    /// @throws org.mizuhiki.house.Refusal `passphrase-wrong` (also for a damaged box: the two cannot be
    /// told apart), `box-malformed`
    Secret open(Bytes box, Secret passphrase);
}
