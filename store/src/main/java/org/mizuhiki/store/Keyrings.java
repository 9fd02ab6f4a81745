package org.mizuhiki.store;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// Persons' keyrings, closed (docs/flows/account.md). What opens one lies wrapped on the key server, so
/// that neither server has both.
public interface Keyrings {
    /// Largest closed keyring in bytes.
    int MAX_BYTES = 256 << 10;

    /// For who shows what is derived from the account's master key.
    ///
    /// @throws org.mizuhiki.house.Refusal `keyring-unknown`: also with a wrong token, so that nobody can
    /// probe
    Kept fetch(PersonId person, Bytes token);

    /// Puts the next one in the place of the one before; on disk when this returns. The same again changes
    /// nothing.
    ///
    /// @throws org.mizuhiki.house.Refusal `keyring-unknown`; `keyring-changed` when another was put since,
    /// `keyring-too-large`
    void keep(PersonId person, Bytes token, Next next);

    /// For the person whom a certificate names.
    ///
    /// @throws org.mizuhiki.house.Refusal `keyring-unknown` when there is none
    Kept fetchOwn(PersonId person);

    /// The first one, or one that begins anew after everything was lost.
    ///
    /// @throws org.mizuhiki.house.Refusal `keyring-changed`, `keyring-too-large`
    void keepOwn(PersonId person, Next next);

    /// @param number 1 for the first, and one more for each after it
    record Kept(long number, Bytes content) {}

    /// @param number one more than what it replaces
    /// @param access SHA-256 of the token that fetches it
    record Next(long number, Bytes content, Digest access) {}
}
