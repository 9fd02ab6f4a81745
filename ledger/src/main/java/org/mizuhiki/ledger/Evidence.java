package org.mizuhiki.ledger;

import java.util.List;
import org.mizuhiki.house.Digest;

/// All that somebody needs offline to check that an entry is in the log: compare RFC 9162, 2.1.3.
public record Evidence(Entry entry, long index, List<Digest> path, SignedCheckpoint checkpoint) {
    public Evidence {
        path = List.copyOf(path);
    }
}
