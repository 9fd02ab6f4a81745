package org.mizuhiki.router;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.ike.Passage;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.Verdict;

/// Connection information that this side agreed to, and the certificates (DER) that it names by digest.
///
/// @param own        this router's
/// @param partner    the partner's, from wherever it came
/// @param partnersCa under which the partner's must stand
public record Accepted(Verdict.Good good, Bytes own, Bytes partner, Bytes partnersCa) {
    ConnectionInformation information() {
        return good.information();
    }

    String connection() {
        return information().connection();
    }

    /// What may pass while it runs.
    ///
    /// @throws org.mizuhiki.house.Refusal `tunnel-wrong-certificate`
    Passage passage() {
        return Plan.of(this).passage();
    }
}
