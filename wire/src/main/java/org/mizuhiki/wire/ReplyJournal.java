package org.mizuhiki.wire;

import java.time.Duration;
import java.time.Instant;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;

/// Remembers replies to requests with an `Idempotency-Key`, so that a repeated request is done once.
/// The key given here is a digest over caller, route and header: a stranger's key never meets another's.
/// In SQL: one table (key primary key, content, at, status, media_type, body); [#claim] is
/// `INSERT … ON CONFLICT (key) DO UPDATE … WHERE status IS NULL AND at < now - 1 minute`, then a `SELECT`.
public interface ReplyJournal {
    /// A claim whose holder died is free again after this time; replies may be forgotten after [#KEPT_FOR].
    Duration CLAIM_LASTS = Duration.ofMinutes(1);

    Duration KEPT_FOR = Duration.ofDays(1);

    /// Larger replies are not kept: their request is simply done again.
    int MAX_BODY = 1 << 20;

    /// Takes the key for a request with this content, atomically.
    Claim claim(Digest key, Digest content, Instant now);

    /// Stores the reply of a claimed key; from now on it is replayed.
    void keep(Digest key, Kept reply);

    /// Gives a claimed key back unanswered: the request was refused or failed and may be tried again.
    void release(Digest key);

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
