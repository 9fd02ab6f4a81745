package org.mizuhiki.ledger;

import java.time.Instant;

/// Checks evidence offline; what an auditor, a patient and every reader's device run.
public interface EvidenceCheck {
    /// @return when the checkpoint was stamped, at the latest then the entry was there
    /// @throws org.mizuhiki.house.Refusal `evidence-broken`, `checkpoint-forged`, `witness-missing`,
    /// `stamp-broken`
    Instant check(Evidence evidence, LogKeys keys);

    /// The same for one task with several pieces of evidence: a checkpoint that held is not checked again.
    default EvidenceCheck remembering() {
        return this;
    }
}
