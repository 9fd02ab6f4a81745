package org.mizuhiki.vpn;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.vpn.ConnectionInformation.Consent;
import org.mizuhiki.vpn.ConnectionInformation.Maintenance;
import org.mizuhiki.vpn.ConnectionInformation.Translated;

/// The answer to a [Request].
public sealed interface Decision {
    /// @param until when it ends, as the strictest of all sides says
    /// @param terms idle time and renewal, as the strictest of all sides says
    /// @param asking the asking side's yes
    /// @param asked the asked side's yes
    /// @param maintenance what remote maintenance rests on
    record Allowed(
            String group,
            Service service,
            Instant until,
            Terms terms,
            Granted asking,
            Granted asked,
            Optional<Maintenance> maintenance)
            implements Decision {}

    /// One side's yes.
    ///
    /// @param networks that the connection reaches on this side
    record Granted(Consent consent, List<Translated> networks) {
        public Granted {
            networks = List.copyOf(networks);
        }
    }

    /// Both sides' rules would let it be, once these have agreed: one person of each entry.
    record Ask(List<Whom> whom) implements Decision {
        public Ask {
            whom = List.copyOf(whom);
        }
    }

    /// @param rule the side's rule that asks
    /// @param owner whose rule it is
    /// @param approvers of whom one must agree
    record Whom(String rule, String owner, List<PersonId> approvers) {
        public Whom {
            approvers = List.copyOf(approvers);
        }
    }

    /// @param rule stable code of the house's rule that decided, or `rule-never`, `rule-none` and so on
    /// @param owner code of the institution whose rule it is
    /// @param named name of the institution's own rule; empty for the house's
    record Refused(String rule, String owner, String named, String japanese, String english) implements Decision {}
}
