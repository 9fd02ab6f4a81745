package org.mizuhiki.ledger;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// What a log shows to everybody: enough to read all of it and to hold it to what it said before.
public interface LogSource {
    /// The newest signed checkpoint.
    SignedCheckpoint checkpoint();

    /// That the log of `older` entries is a prefix of the log of `newer` entries.
    List<Digest> consistency(long older, long newer);

    /// A tile or a bundle of entries (C2SP tlog-tiles), such as `tile/entries/x001/234.p/7`.
    ///
    /// @throws Refusal `tile-unknown`
    Bytes tileBytes(String path);

    static Refusal tileUnknown() {
        return Refusal.of("tile-unknown", "そのタイルはありません", "The log has no such tile");
    }
}
