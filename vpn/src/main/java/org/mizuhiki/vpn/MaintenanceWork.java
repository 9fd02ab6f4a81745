package org.mizuhiki.vpn;

import java.time.Duration;
import java.time.Instant;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.trust.Member;

/// A technician's own word, signed before a connection for maintenance: who will do what, when and where. The
/// centre cannot make one up, and the technician cannot deny it.
///
/// @param by the maintainer, for whom the technician works
/// @param accessPoint the customer's router
/// @param contract digest of the [MaintenanceContract]
/// @param purpose code word for what is done
public record MaintenanceWork(
        InstitutionCode by,
        Instant at,
        Instant until,
        String nonce,
        PersonId person,
        Member.Service accessPoint,
        Digest contract,
        String purpose)
        implements Declaration {
    static final String KIND = "vpn-maintenance-work";

    /// A job, no licence.
    public static final Duration LONGEST = MaintenanceAgreement.Window.LONGEST;

    /// @throws org.mizuhiki.house.Refusal `declaration-malformed`
    public MaintenanceWork {
        Words.life(at, until);
        Words.nonce(nonce, "nonce");
        Words.word(purpose, "purpose");
        Words.need(Duration.between(at, until).compareTo(LONGEST) <= 0, "until");
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String subject() {
        return person + " " + contract.hex();
    }
}
