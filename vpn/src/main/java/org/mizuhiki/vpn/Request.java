package org.mizuhiki.vpn;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.Json;

/// The wish for one connection.
///
/// @param asking router of the side that asks
/// @param asked router of the partner
/// @param service name of it
/// @param longest how long it is wanted; what is given may be shorter
/// @param begins when, where it is booked for later; it is decided when booked, and again then
/// @param onBehalfOf who asks, where a person does and not a machine
public record Request(
        Member.Service asking,
        Member.Service asked,
        String service,
        Duration longest,
        Optional<PersonId> onBehalfOf,
        Instant at,
        String nonce,
        Optional<Instant> begins) {
    /// @throws org.mizuhiki.house.Refusal `declaration-malformed`
    public Request {
        Words.word(service, "service");
        Words.nonce(nonce, "nonce");
        Words.need(longest.isPositive() && Words.whole(longest), "longest");
        Words.life(at, at);
        begins.ifPresent(b -> Words.life(at, b));
    }

    /// At once.
    public Request(
            Member.Service asking,
            Member.Service asked,
            String service,
            Duration longest,
            Optional<PersonId> onBehalfOf,
            Instant at,
            String nonce) {
        this(asking, asked, service, longest, onBehalfOf, at, nonce, Optional.empty());
    }

    /// When what was booked is over, however late it began.
    public Optional<Instant> ends() {
        return begins.map(b -> b.plus(longest));
    }

    public Digest id() {
        return Json.write(this).sha256();
    }
}
