package org.mizuhiki.ledger;

import org.mizuhiki.house.Bytes;

/// A checkpoint as a C2SP signed note: origin, size and root, signed by the log (ECDSA P-256 and ML-DSA-65)
/// and co-signed by witnesses.
///
/// @param note the text with all signature lines
/// @param stamp DER TimeStampToken over SHA-256 of the note's body (the text before the blank line, with
/// its newline)
public record SignedCheckpoint(String note, Bytes stamp) {}
