package org.mizuhiki.vpn;

import java.time.Duration;
import java.time.Instant;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.trust.Member;

/// That a router belongs to a group, said by the provider.
///
/// @param by the provider
public record Membership(
        InstitutionCode by, Instant at, Instant until, String nonce, String group, Member.Service router)
        implements Declaration {
    /// One that is said for longer never stands: so it is known from when on no older one can come back, and
    /// whoever remembers that one was withdrawn may forget it then.
    public static final Duration LONGEST = Duration.ofDays(400);

    static final String KIND = "vpn-membership";

    /// @throws org.mizuhiki.house.Refusal `declaration-malformed`
    public Membership {
        Words.life(at, until);
        Words.nonce(nonce, "nonce");
        Words.word(group, "group");
    }

    /// Whether it is said for longer than [#LONGEST].
    public boolean lastsTooLong() {
        return Duration.between(at, until).compareTo(LONGEST) > 0;
    }

    @Override
    public boolean stands(Instant now) {
        return !lastsTooLong() && Declaration.super.stands(now);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String subject() {
        return group + " " + router.identity();
    }
}
