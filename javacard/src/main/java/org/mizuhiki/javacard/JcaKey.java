package org.mizuhiki.javacard;

/// A card's key as JCA wants it: how the packages of the API that compute reach what is behind a key. Applets
/// cannot name it.
public interface JcaKey {
    /// @throws javacard.security.CryptoException `UNINITIALIZED_KEY`, `ILLEGAL_VALUE`
    <K> K ready(Class<K> kind);
}
