package org.mizuhiki.vpn;

import java.time.Duration;
import java.time.Instant;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;

/// A person's answer to one request, where the own side's rule asks a person. Signed by that person.
///
/// @param by the institution that the person answers for
/// @param request digest of the [Request]
/// @param agreed false: no
public record Approval(
        InstitutionCode by, Instant at, Instant until, String nonce, PersonId person, Digest request, boolean agreed)
        implements Declaration {
    /// So whoever remembers that one was withdrawn may forget it then: no older one stands any more.
    public static final Duration LONGEST = Duration.ofDays(31);

    static final String KIND = "vpn-approval";

    /// @throws org.mizuhiki.house.Refusal `declaration-malformed`
    public Approval {
        Words.life(at, until);
        Words.nonce(nonce, "nonce");
        Words.need(Duration.between(at, until).compareTo(LONGEST) <= 0, "until");
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String subject() {
        return request.hex() + " " + person;
    }
}
