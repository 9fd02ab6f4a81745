package org.mizuhiki.mail;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.mizuhiki.mail.Doorway.Guest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who speaks to the edge, and how much: sessions of one address at a time, mails in a minute, bytes in a
/// day, and how long a session may last in all, so that one who sends a byte now and then does not hold a
/// place for ever.
final class Visitors implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Visitors.class);
    private static final long GLANCE_MS = 200;
    private static final int NETWORK_OF_V6 = 8;

    private final Edge.Bounds bounds;
    private final Intake intake;
    private final Shares minutes;
    private final Shares days;
    private final Shares mailboxes;
    private final Map<InetAddress, Integer> open = new HashMap<>();
    private final Map<Guest, Stay> here = new HashMap<>();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("mail-watch").factory());

    /// @param since by `System.nanoTime`
    private record Stay(InetAddress network, InetSocketAddress from, long since) {}

    Visitors(Edge.Bounds bounds, Clock clock) {
        this.bounds = bounds;
        this.intake = new Intake(bounds.memory(), bounds.slowest(), bounds.grace());
        this.minutes = new Shares(Duration.ofMinutes(1), bounds.mailsOfOne(), clock);
        this.days = new Shares(Duration.ofDays(1), bounds.dayOfOne(), clock);
        this.mailboxes = new Shares(Duration.ofDays(1), bounds.dayToOne(), clock);
        var _ = watch.scheduleWithFixedDelay(this::glance, GLANCE_MS, GLANCE_MS, TimeUnit.MILLISECONDS);
    }

    /// @return false: this address has its share of connections already
    synchronized boolean enter(Guest guest) {
        var from = (InetSocketAddress) guest.getRemoteSocketAddress();
        var network = network(from.getAddress());
        if (open.getOrDefault(network, 0) >= bounds.sessionsOfOne()) {
            return false;
        }
        open.merge(network, 1, Integer::sum);
        here.put(guest, new Stay(network, from, System.nanoTime()));
        return true;
    }

    synchronized void leave(Guest guest) {
        var stay = here.remove(guest);
        if (stay != null) {
            open.computeIfPresent(stay.network(), (_, n) -> n > 1 ? n - 1 : null);
        }
    }

    /// Ends what lasted too long or brings too little. Nothing in here waits for a visitor: whoever reads no
    /// answers would otherwise hold the watch, and with it everybody.
    private void glance() {
        try {
            long now = System.nanoTime();
            overdue(now).forEach(Visitors::hangUp);
            intake.tooSlow(now).forEach(Visitors::hangUp);
        } catch (RuntimeException e) {
            LOG.error("the watch over sessions failed once", e);
        }
    }

    private synchronized List<Guest> overdue(long now) {
        return here.entrySet().stream()
                .filter(e -> now - e.getValue().since() > bounds.longest().toNanos())
                .map(Map.Entry::getKey)
                .toList();
    }

    static void hangUp(Guest guest) {
        try {
            guest.close();
        } catch (IOException e) {
            LOG.debug("what cannot be closed is gone", e);
        }
    }

    /// Whether one more mail of this address is heard in this minute.
    boolean mayWrite(InetSocketAddress from) {
        return minutes.take(network(from.getAddress()).getHostAddress(), 1);
    }

    /// Whether so much more of this address is kept today, in all and in each of these mailboxes: one
    /// stranger fills neither the disk nor somebody's mailbox in an hour.
    boolean mayFill(InetSocketAddress from, List<String> recipients, long bytes) {
        var network = network(from.getAddress()).getHostAddress();
        return days.take(network, bytes * recipients.size())
                && recipients.stream().allMatch(to -> mailboxes.take(network + " " + to, bytes));
    }

    /// Begins to read a mail; [Intake#end] has to follow.
    Optional<Intake.Reading> reading(InetSocketAddress from) {
        return guest(from).map(guest -> intake.begin(guest, network(from.getAddress())));
    }

    Intake intake() {
        return intake;
    }

    private synchronized Optional<Guest> guest(InetSocketAddress from) {
        return here.entrySet().stream()
                .filter(e -> e.getValue().from().equals(from))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /// Of IPv6 the first 64 bits: behind them one household has more addresses than we could count.
    private static InetAddress network(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        var raw = address.getAddress();
        Arrays.fill(raw, NETWORK_OF_V6, raw.length, (byte) 0);
        try {
            return InetAddress.getByAddress(raw);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("sixteen bytes are an address", e);
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
