package org.mizuhiki.bridge.imap;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mizuhiki.house.Bytes;

/// What is behind the protocol: a few folders of letters.
public interface Shelves {
    /// Names in their order, with the use that programs know them by (`\Sent`), or none.
    List<Name> names();

    Optional<Shelf> shelf(String name);

    /// Looks for what is new. Cheap when asked often.
    void refresh();

    /// @param use such as `\Sent`; empty for none
    record Name(String name, String use) {}

    /// One folder. Numbers only grow, and mean the same letter for ever.
    interface Shelf {
        long validity();

        long next();

        /// Ascending by UID; a copy.
        List<Item> items();

        /// The header without opening anything.
        Bytes header(Item item);

        /// The whole message; opens a sealed letter, with all that follows from it.
        ///
        /// @throws org.mizuhiki.house.Refusal why it cannot be opened
        Bytes content(Item item);

        void flag(Collection<Long> uids, Set<String> add, Set<String> take);

        /// Takes these out of the folder.
        void remove(Collection<Long> uids);

        /// @return the new UID
        /// @throws org.mizuhiki.house.Refusal where nothing is put in
        long append(Bytes message, Set<String> flags, Instant at);
    }

    /// @param size of the message: exact once it was opened, before that what is known from outside
    record Item(long uid, Instant at, long size, Set<String> flags) {
        public Item {
            flags = Set.copyOf(flags);
        }
    }
}
