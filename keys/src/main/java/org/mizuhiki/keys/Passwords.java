package org.mizuhiki.keys;

import java.time.Instant;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// Passwords that neither this server nor the store can test alone (docs/flows/password.md): stock OPAQUE
/// for the client, while each evaluation is the sum of this server's and the store's.
public interface Passwords {
    /// Begins to set a password. The one that was set before stays good until [#set]. The answer is by this
    /// server's share only: the device then asks the store for its share's evaluation itself
    /// ([org.mizuhiki.store.OwnShares#begin], with the registration as the epoch), and adds the two.
    ///
    /// @param person authenticated by a certificate, or by a session and the account's key
    /// @param request 32 bytes of the client
    /// @throws Refusal `element-malformed`, `element-identity`, `peer-unreachable`
    Begun begin(PersonId person, Bytes request);

    /// Sets the password: all sessions of the person end. The same again changes nothing.
    ///
    /// @param upload 192 bytes of the client
    /// @throws Refusal `registration-over` when another began since, or ten minutes passed;
    /// `message-malformed`, `element-malformed`
    void set(PersonId person, Digest registration, Bytes upload);

    /// Answers a log-in, for IDs that nobody has in the same way and time. Counts as a guess until proven.
    ///
    /// @param ke1 96 bytes of the client
    /// @throws Refusal `login-rate-exceeded`, `message-malformed`, `element-malformed`, `peer-unreachable`
    Answered answer(PersonId person, Bytes ke1);

    /// Opens a session for who proves the password.
    ///
    /// @param ke3 64 bytes of the client
    /// @throws Refusal `login-failed`, also when the log-in began over a minute ago
    Session prove(Digest login, Bytes ke3);

    /// @param registration to name when the record comes
    /// @param response 64 bytes for the client
    record Begun(Digest registration, Bytes response) {}

    /// @param login to name when the proof comes
    /// @param ke2 320 bytes for the client
    record Answered(Digest login, Bytes ke2) {}

    /// @param token 32 bytes; whoever shows them is the person
    record Session(Bytes token, Instant until) {}

    /// Who sets a password without a certificate: a session, and what only the account's master key
    /// gives, so that a stolen session alone puts nobody out.
    record Shown(Bytes token, Bytes key) {}
}
