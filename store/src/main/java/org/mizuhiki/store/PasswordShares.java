package org.mizuhiki.store;

import java.time.Instant;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// One of the two shares of the keys under which persons' passwords are evaluated; the key server has the
/// others (docs/flows/password.md). Nothing here tests a password, and every evaluation counts as a guess.
/// An epoch names one pair of shares; the key server says which one counts. Every operation may be
/// repeated.
public interface PasswordShares {
    /// Makes a share for an epoch that begins; those that were made for this person and not kept go.
    void make(PersonId person, Digest epoch);

    /// Makes the share of the next epoch out of another one's by taking `shift` off: the key stays the
    /// same.
    ///
    /// @param shift 32 bytes, which the key server adds to its share
    /// @throws org.mizuhiki.house.Refusal `epoch-unknown`, `scalar-malformed`
    void shift(PersonId person, Digest from, Digest to, Bytes shift);

    /// From now on only this epoch counts: all others of the person go.
    ///
    /// @throws org.mizuhiki.house.Refusal `epoch-unknown`; nothing goes then
    void keep(PersonId person, Digest epoch);

    /// Evaluates a blinded password. Who asks for an ID or epoch that is not here gets an answer as well,
    /// the same for the same ID, in the same time.
    ///
    /// @throws org.mizuhiki.house.Refusal `login-rate-exceeded`, `element-malformed`, `element-identity`
    Bytes evaluate(PersonId person, Digest epoch, Bytes blinded);

    /// What the person is to know about guesses at the own password, newest first; at most 100.
    List<Guessed> notices(PersonId person);

    /// So many evaluations in a row that the ID was locked.
    record Guessed(int times, Instant at) {}
}
