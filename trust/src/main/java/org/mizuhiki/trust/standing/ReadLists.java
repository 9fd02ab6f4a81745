package org.mizuhiki.trust.standing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;

/// Lists as read, by their digest, so that a list of a million entries is parsed once. Bounded by the bytes
/// they had, the longest unused ones go first.
final class ReadLists {
    private static final long MOST_BYTES = 64L << 20;
    private static final int MOST = 512;

    private final LinkedHashMap<Digest, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    private record Kept(int size, Optional<ReadList> list) {}

    Optional<ReadList> of(Bytes der) {
        var digest = der.sha256();
        synchronized (this) {
            var known = kept.get(digest);
            if (known != null) {
                return known.list();
            }
        }
        var read = ReadList.of(der);
        keep(digest, new Kept(der.size(), read));
        return read;
    }

    private synchronized void keep(Digest digest, Kept fresh) {
        var before = kept.put(digest, fresh);
        bytes += fresh.size() - (before == null ? 0 : before.size());
        var eldest = kept.entrySet().iterator();
        while ((bytes > MOST_BYTES || kept.size() > MOST) && kept.size() > 1) {
            Map.Entry<Digest, Kept> gone = eldest.next();
            bytes -= gone.getValue().size();
            eldest.remove();
        }
    }
}
