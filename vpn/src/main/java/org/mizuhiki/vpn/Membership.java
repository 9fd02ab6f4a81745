package org.mizuhiki.vpn;

import java.time.Instant;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.trust.Member;

/// That a router belongs to a group, said by the provider.
///
/// @param by the provider
public record Membership(
        InstitutionCode by, Instant at, Instant until, String nonce, String group, Member.Service router)
        implements Declaration {
    static final String KIND = "vpn-membership";

    /// @throws org.mizuhiki.house.Refusal `declaration-malformed`
    public Membership {
        Words.life(at, until);
        Words.nonce(nonce, "nonce");
        Words.word(group, "group");
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
