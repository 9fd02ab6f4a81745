package org.mizuhiki.wire;

import java.time.Duration;
import java.time.Instant;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;

/// Remembers replies to requests with an `Idempotency-Key`, so that a repeated request is done once.
public interface ReplyJournal {
    /// A claim whose holder died is free again after this time; replies may be forgotten after [#KEPT_FOR].
    Duration CLAIM_LASTS = Duration.ofMinutes(1);

    Duration KEPT_FOR = Duration.ofDays(1);

    /// Larger replies are not kept: their request is simply done again.
    int MAX_BODY = 64 << 10;

    /// A request that may come again.
    ///
    /// @param key digest over caller, route and header: a stranger's key never meets another's
    /// @param caller digest over who asks, so that one caller's replies can be counted without naming anybody
    /// @param content digest over what is asked
    /// @param at when it came
    record Request(Digest key, Digest caller, Digest content, Instant at) {}

    /// Takes the key for a request, atomically.
    ///
    /// @throws org.mizuhiki.house.Refusal when what is remembered cannot be asked now; the request must not be done
    Claim claim(Request request);

    /// Stores the reply of a claimed key; from now on it is replayed.
    ///
    /// @throws org.mizuhiki.house.Refusal when it could not be stored; the reply must not go out as acknowledged
    void keep(Request request, Kept reply);

    /// Gives a claimed key back unanswered: the request was refused or failed and may be tried again.
    void release(Request request);

    /// What a claim found.
    sealed interface Claim {
        /// Nobody has this key: do the work, then [ReplyJournal#keep] or [ReplyJournal#release].
        record Mine() implements Claim {}

        /// The same request was answered before.
        record Replay(Kept reply) implements Claim {}

        /// The same request is being worked on.
        record UnderWay() implements Claim {}

        /// The key was used for another content.
        record Conflict() implements Claim {}
    }

    /// A reply as it went out.
    record Kept(int status, String mediaType, Bytes body) {}

    /// Forgets at a restart, and the oldest beyond `entries`.
    static ReplyJournal inMemory(int entries) {
        return new MemoryJournal(entries);
    }
}
