package org.mizuhiki.wire;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Digest;

/// Replies of this process's life, bounded by number, the oldest forgotten first.
final class MemoryJournal implements ReplyJournal {
    private record Line(Digest content, Instant at, Optional<Kept> reply) {
        boolean stale(Instant now) {
            return at.plus(reply.isPresent() ? KEPT_FOR : CLAIM_LASTS).isBefore(now);
        }
    }

    private final Map<Digest, Line> lines;

    MemoryJournal(int entries) {
        lines = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Digest, Line> eldest) {
                return size() > entries;
            }
        };
    }

    @Override
    public synchronized Claim claim(Request request) {
        var key = request.key();
        var line = lines.get(key);
        if (line == null || line.stale(request.at())) {
            lines.remove(key);
            lines.put(key, new Line(request.content(), request.at(), Optional.empty()));
            return new Claim.Mine();
        }
        if (!line.content().equals(request.content())) {
            return new Claim.Conflict();
        }
        return line.reply().<Claim>map(Claim.Replay::new).orElseGet(Claim.UnderWay::new);
    }

    @Override
    public synchronized void keep(Request request, Kept reply) {
        lines.computeIfPresent(request.key(), (k, line) -> new Line(line.content(), line.at(), Optional.of(reply)));
    }

    @Override
    public synchronized void release(Request request) {
        lines.computeIfPresent(request.key(), (k, line) -> line.reply().isPresent() ? line : null);
    }
}
