package org.mizuhiki.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.subethamail.smtp.server.Session;
import org.subethamail.smtp.server.SessionHandler;

/// Who speaks to the edge, and how much: sessions of one address at a time, mails in a minute, and how
/// long a session
/// may last in all, so that one who sends a byte now and then does not hold a place for ever.
final class Visitors implements SessionHandler, AutoCloseable {
    private static final int MOST_REMEMBERED = 20_000;

    private final int atOnce;
    private final int perMinute;
    private final Duration longest;
    private final Clock clock;
    private final Map<InetAddress, Integer> open = new HashMap<>();
    private final Map<Session, Future<?>> ends = new HashMap<>();
    private final Map<InetAddress, Minute> minutes = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Minute> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("mail-watch").factory());

    private record Minute(Instant since, int count) {}

    Visitors(int atOnce, int perMinute, Duration longest, Clock clock) {
        this.atOnce = atOnce;
        this.perMinute = perMinute;
        this.longest = longest;
        this.clock = clock;
    }

    @Override
    public synchronized SessionAcceptance accept(Session session) {
        var from = session.getRealRemoteAddress().getAddress();
        if (open.merge(from, 1, Integer::sum) > atOnce) {
            leave(from);
            return SessionAcceptance.failure(421, "4.7.0 Too many connections from your address");
        }
        ends.put(session, watch.schedule(() -> hangUp(session), longest.toMillis(), TimeUnit.MILLISECONDS));
        return SessionAcceptance.success();
    }

    private static void hangUp(Session session) {
        try {
            session.closeSocket();
        } catch (IOException e) {
            session.quit(); // what cannot be closed is gone
        }
    }

    @Override
    public synchronized void onSessionEnd(Session session) {
        var end = ends.remove(session);
        if (end != null) {
            end.cancel(false);
            leave(session.getRealRemoteAddress().getAddress());
        }
    }

    private void leave(InetAddress from) {
        open.computeIfPresent(from, (a, n) -> n > 1 ? n - 1 : null);
    }

    /// Whether one more mail of this address is heard in this minute.
    synchronized boolean mayWrite(InetAddress from) {
        var now = clock.instant();
        var minute = minutes.get(from);
        if (minute == null || now.isAfter(minute.since().plus(Duration.ofMinutes(1)))) {
            minute = new Minute(now, 0);
        }
        minutes.put(from, new Minute(minute.since(), minute.count() + 1));
        return minute.count() < perMinute;
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
