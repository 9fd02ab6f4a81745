package org.mizuhiki.bridge;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.mizuhiki.bridge.ShelfState.Entry;
import org.mizuhiki.bridge.imap.Shelves;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.mail.Part;
import org.mizuhiki.pocket.Kept;
import org.mizuhiki.wire.Json;

/// One folder on this device, closed under its own key; changed whole, on disk before the change is told.
final class KeptShelf implements Shelves.Shelf {
    private static final int OPEN_AT_ONCE = 16;

    private final String name;
    private final Kept kept;
    private final boolean writable;
    private final Function<Entry, Bytes> opener;
    private final Map<Long, Bytes> opened = new LinkedHashMap<>(32, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Bytes> eldest) {
            return size() > OPEN_AT_ONCE;
        }
    };
    private ShelfState state;

    /// @param writable whether programs may put something in
    /// @param opener gives the whole message
    KeptShelf(String name, Kept kept, boolean writable, Function<Entry, Bytes> opener, Clock clock) {
        this.name = name;
        this.kept = kept;
        this.writable = writable;
        this.opener = opener;
        var read = kept.read(file()).map(b -> Json.read(b, ShelfState.class));
        this.state =
                read.orElseGet(() -> new ShelfState(clock.instant().getEpochSecond() & 0x7fff_ffffL, 1, 0, List.of()));
        if (read.isEmpty()) {
            keep(state);
        }
    }

    private String file() {
        return "folder-" + name.toLowerCase(java.util.Locale.ROOT);
    }

    private void keep(ShelfState next) {
        kept.write(file(), Json.write(next));
        state = next;
    }

    synchronized ShelfState state() {
        return state;
    }

    /// New entries behind the others; each gets the next number.
    ///
    /// @param newest that was seen at the server
    synchronized void add(List<Entry> fresh, long newest) {
        if (fresh.isEmpty() && newest == state.newest()) {
            return;
        }
        var all = new ArrayList<>(state.entries());
        long next = state.next();
        for (var one : fresh) {
            all.add(new Entry(next++, one.source(), one.at(), one.size(), one.flags(), one.header(), false));
        }
        keep(new ShelfState(state.validity(), next, newest, all));
    }

    @Override
    public synchronized long validity() {
        return state.validity();
    }

    @Override
    public synchronized long next() {
        return state.next();
    }

    @Override
    public synchronized List<Shelves.Item> items() {
        return state.entries().stream()
                .filter(e -> !e.gone())
                .map(e -> new Shelves.Item(e.uid(), e.at(), e.size(), e.flags()))
                .toList();
    }

    @Override
    public Bytes header(Shelves.Item item) {
        return Bytes.of((entry(item).header() + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Bytes content(Shelves.Item item) {
        synchronized (this) {
            var there = opened.get(item.uid());
            if (there != null) {
                return there;
            }
        }
        var entry = entry(item);
        var content = opener.apply(entry);
        synchronized (this) {
            opened.put(item.uid(), content);
            if (entry.size() != content.size()) {
                each(Set.of(item.uid()), e -> e.sized(content.size()));
            }
        }
        return content;
    }

    private synchronized Entry entry(Shelves.Item item) {
        // in the order of their numbers
        int low = 0;
        int high = state.entries().size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            var entry = state.entries().get(middle);
            if (entry.uid() == item.uid() && !entry.gone()) {
                return entry;
            }
            if (entry.uid() < item.uid()) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        throw Refusal.of("mail-unknown", "そのメールはありません", "There is no such mail");
    }

    @Override
    public synchronized void flag(Collection<Long> uids, Set<String> add, Set<String> take) {
        each(new HashSet<>(uids), e -> {
            var flags = new HashSet<>(take.contains("*") ? Set.of() : e.flags());
            flags.removeAll(take);
            flags.addAll(add);
            return e.with(flags);
        });
    }

    @Override
    public synchronized void remove(Collection<Long> uids) {
        if (!uids.isEmpty()) {
            each(new HashSet<>(uids), e -> {
                if (e.source().startsWith("kept:")) {
                    kept.remove(e.source().substring(5));
                }
                return e.taken();
            });
        }
    }

    private void each(Set<Long> uids, UnaryOperator<Entry> change) {
        var all = state.entries().stream()
                .map(e -> uids.contains(e.uid()) && !e.gone() ? change.apply(e) : e)
                .toList();
        if (!all.equals(state.entries())) {
            keep(new ShelfState(state.validity(), state.next(), state.newest(), all));
        }
    }

    @Override
    public synchronized long append(Bytes message, Set<String> flags, Instant at) {
        if (!writable) {
            throw Refusal.of(
                    "folder-read-only",
                    "このフォルダーには保存できません。届いたものだけが入ります",
                    "Nothing can be put into this folder: it holds what arrived");
        }
        var header =
                new String(Part.read(message).headerBlock().toArray(), StandardCharsets.UTF_8).stripTrailing() + "\r\n";
        long uid = state.next();
        var file = file() + "-" + uid;
        kept.write(file, message);
        var all = new ArrayList<>(state.entries());
        all.add(new Entry(uid, "kept:" + file, at, message.size(), flags, header, false));
        keep(new ShelfState(state.validity(), uid + 1, state.newest(), all));
        return uid;
    }
}
