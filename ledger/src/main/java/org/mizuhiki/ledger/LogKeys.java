package org.mizuhiki.ledger;

import java.util.Map;
import org.mizuhiki.house.Bytes;

/// The public keys by which a log and its witnesses are recognised (SubjectPublicKeyInfo, DER).
///
/// @param origin the log's name, first line of every checkpoint
/// @param classical ECDSA P-256
/// @param quantumSafe ML-DSA-65
/// @param witnesses name to ECDSA P-256 key; `quorum` of them must have co-signed
public record LogKeys(String origin, Bytes classical, Bytes quantumSafe, Map<String, Bytes> witnesses, int quorum) {
    public LogKeys {
        witnesses = Map.copyOf(witnesses);
    }
}
