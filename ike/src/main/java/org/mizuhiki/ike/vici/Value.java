package org.mizuhiki.ike.vici;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;

/// What stands behind a name in a message of vici.
public sealed interface Value permits Section, Value.Text, Value.Items, Value.Hidden {
    /// One value: UTF-8 text or plain bytes, which only the name tells apart; at most 65,535 bytes.
    record Text(Bytes bytes) implements Value {}

    /// Several values.
    record Items(List<Bytes> items) implements Value {
        public Items {
            items = List.copyOf(items);
        }
    }

    /// A secret on its way to the engine: written straight from where it lies, never read back.
    record Hidden(Secret secret) implements Value {}
}
