package org.mizuhiki.vpn;

import org.mizuhiki.vpn.ConnectionInformation.End;

/// A router's answer to connection information that the centre signed.
public sealed interface Verdict {
    /// It is what this side agreed to.
    record Good(ConnectionInformation information, End own, End partner) implements Verdict {}

    /// @param why whose rule, or which rule of the house, it breaks
    record Bad(Decision.Refused why) implements Verdict {}
}
