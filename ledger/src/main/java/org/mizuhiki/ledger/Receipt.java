package org.mizuhiki.ledger;

import org.mizuhiki.house.Digest;

/// That an entry is durably in the log at `index` (from 0).
public record Receipt(long index, Digest leaf) {}
