package org.mizuhiki.consent;

import java.time.Instant;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.Member;

/// A statement whose signature, stamp and signer were checked: `statement.by()` is the signer, the stamp is
/// near `at`.
///
/// @param signed the CAdES-T bytes as they travel and are kept
/// @param signer who signed, as the certificate says
/// @param stampedAt the stamp's time
public record Attested<S extends Statement>(S statement, Bytes signed, Member signer, Instant stampedAt) {}
