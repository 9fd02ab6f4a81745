package org.mizuhiki.trust;

import java.util.Optional;
import org.mizuhiki.house.Bytes;

/// A wish for renewal as it travels in JSON.
///
/// @param current DER certificate
/// @param signing PKCS#10, DER
public record RenewalBody(Bytes current, Bytes signing, Optional<Bytes> sealing, Optional<Bytes> binding, Bytes proof) {
    static RenewalBody of(Renewals.Asked asked) {
        var request = asked.request();
        return new RenewalBody(
                KeyFiles.encoded(asked.current()),
                request.signing(),
                request.sealing(),
                request.binding(),
                asked.proof());
    }

    /// @throws org.mizuhiki.house.Refusal `certificate-malformed`
    Renewals.Asked asked() {
        return new Renewals.Asked(
                KeyFiles.certificate(current), new Enrolment.Request(signing, sealing, binding), proof);
    }
}
