package org.mizuhiki.ledger;

import java.util.HashSet;
import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// The public keys by which a log and its witnesses are recognised (SubjectPublicKeyInfo, DER).
///
/// @param origin the log's name, first line of every checkpoint
/// @param classical ECDSA P-256
/// @param quantumSafe ML-DSA-65
/// @param witnesses name to ECDSA P-256 key; `quorum` of them must have co-signed
public record LogKeys(String origin, Bytes classical, Bytes quantumSafe, Map<String, Bytes> witnesses, int quorum) {
    /// @throws Refusal `log-keys-malformed` when the quorum cannot be met, or one key stands under two
    /// names
    public LogKeys {
        witnesses = Map.copyOf(witnesses);
        // one witness with two names would meet a quorum of two by itself
        if (quorum < 0 || quorum > witnesses.size() || new HashSet<>(witnesses.values()).size() < witnesses.size()) {
            throw Refusal.of(
                    "log-keys-malformed",
                    "台帳の公開鍵ファイルが正しくありません（立会人の数または鍵の重複）",
                    "The log's keys are malformed: more witnesses are asked for than named, or two share a key");
        }
    }
}
