package org.mizuhiki.ledger;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;

/// What a patient or auditor takes away and checks offline, with nothing but the log's public keys.
public record Bundle(List<Item> items) {
    /// Most items in one bundle.
    public static final int MAX_ITEMS = 10_000;

    /// Largest file that is read, in bytes.
    public static final int MAX_BYTES = 64 << 20;

    public Bundle {
        items = List.copyOf(items);
    }

    /// @param evidence that the entry is in the log
    /// @param statement the signed statement the entry stands for, if it travels along; opaque here
    public record Item(Evidence evidence, Optional<Bytes> statement) {
        /// An empty statement is none.
        public Item {
            statement = statement.filter(s -> s.size() > 0);
        }

        public static Item of(Evidence evidence) {
            return new Item(evidence, Optional.empty());
        }

        public static Item of(Evidence evidence, Bytes statement) {
            return new Item(evidence, Optional.of(statement));
        }
    }
}
