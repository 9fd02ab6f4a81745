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
/// @param onBehalfOf who asks, where a person does and not a machine
public record Request(
        Member.Service asking,
        Member.Service asked,
        String service,
        Duration longest,
        Optional<PersonId> onBehalfOf,
        Instant at,
        String nonce) {
    /// @throws org.mizuhiki.house.Refusal `declaration-malformed`
    public Request {
        Words.word(service, "service");
        Words.nonce(nonce, "nonce");
        Words.need(longest.isPositive() && Words.whole(longest), "longest");
        Words.life(at, at);
    }

    public Digest id() {
        return Json.write(this).sha256();
    }
}
