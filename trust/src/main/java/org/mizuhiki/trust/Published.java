package org.mizuhiki.trust;

import org.mizuhiki.house.Bytes;

/// What the authority publishes for everybody, self-protecting by its signatures.
public interface Published {
    /// DER certificate of one of the CAs, by the text of its [CaName].
    ///
    /// @throws org.mizuhiki.house.Refusal `ca-unknown`
    Bytes certificate(String ca);

    /// DER CRL (RFC 5280) of one of the CAs, by the text of its [CaName].
    ///
    /// @throws org.mizuhiki.house.Refusal `ca-unknown`
    Bytes crl(String ca);
}
