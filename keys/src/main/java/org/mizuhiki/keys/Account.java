package org.mizuhiki.keys;

import java.time.Instant;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// What a session that a password opened may do. Every operation throws `session-over` for a token that is
/// none, or is over.
public interface Account {
    /// Most slots of one person.
    int MAX_SLOTS = 32;

    /// Largest wrapped key in bytes.
    int MAX_WRAPPED = 4096;

    /// Whose session it is.
    PersonId owner(Bytes token);

    /// The account's master key as each of the person's ways to it wrapped it.
    List<WrappedKey> slots(Bytes token);

    /// Adds or replaces one; on disk when this returns.
    ///
    /// @throws Refusal `slot-name-malformed`, `slot-too-large`, `slots-too-many`
    void put(Bytes token, WrappedKey slot);

    /// Removes one; the same again changes nothing.
    void drop(Bytes token, String name);

    /// What happened at the person's ID, newest first; at most 100.
    List<Notice> notices(Bytes token);

    /// Ends this session.
    void end(Bytes token);

    /// @param name which way it is, such as `password`: lower case words joined by hyphens
    record WrappedKey(String name, Bytes wrapped) {}

    /// @param kind `password-set`, `guessed` (log-ins that were begun and not proven before one that was),
    /// `locked` (so many that the ID was locked)
    record Notice(String kind, int times, Instant at) {}
}
