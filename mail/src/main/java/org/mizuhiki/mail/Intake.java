package org.mizuhiki.mail;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.mail.Doorway.Guest;

/// Mails on their way in, in memory: nothing of them touches a disk before it is closed for its reader. So
/// the memory is bounded in all and for each network, whoever is slow is cut off, and when all is in use the
/// one that has been at it for longest makes room: strangers who are slow on purpose keep nobody out.
final class Intake {
    private final long most;
    private final long slowest;
    private final Duration grace;
    private final Map<Guest, Reading> readings = new LinkedHashMap<>();
    private long held;

    /// One mail that is being read.
    static final class Reading {
        private final Guest guest;
        private final InetAddress network;
        private final long since = System.nanoTime();
        private boolean complete;
        private long bytes;

        private Reading(Guest guest, InetAddress network) {
            this.guest = guest;
            this.network = network;
        }
    }

    /// @param most bytes of all mails together
    /// @param slowest bytes in a second, on average since `grace` was over
    Intake(long most, long slowest, Duration grace) {
        this.most = most;
        this.slowest = slowest;
        this.grace = grace;
    }

    synchronized Reading begin(Guest guest, InetAddress network) {
        var reading = new Reading(guest, network);
        readings.put(guest, reading);
        return reading;
    }

    /// Before `n` more bytes are kept.
    ///
    /// @return false: this network holds half of all memory, or nobody is left who could make room
    boolean more(Reading reading, int n) {
        Optional<Reading> out = Optional.empty();
        synchronized (this) {
            if (!readings.containsValue(reading) || ofNetwork(reading.network) + n > most / 2) {
                return false;
            }
            if (held + n > most) {
                out = oldest(reading);
                if (out.isEmpty()) {
                    return false;
                }
                end(out.get());
            }
            held += n;
            reading.bytes += n;
        }
        out.ifPresent(r -> Visitors.hangUp(r.guest));
        return true;
    }

    private long ofNetwork(InetAddress network) {
        return readings.values().stream()
                .filter(r -> r.network.equals(network))
                .mapToLong(r -> r.bytes)
                .sum();
    }

    private Optional<Reading> oldest(Reading but) {
        return readings.values().stream()
                .filter(r -> r != but && !r.complete && r.bytes > 0)
                .min(Comparator.comparingLong(r -> r.since));
    }

    /// It is whole and waits to be closed: from here on its sender holds up nothing.
    synchronized void complete(Reading reading) {
        reading.complete = true;
    }

    synchronized void end(Reading reading) {
        if (readings.remove(reading.guest, reading)) {
            held -= reading.bytes;
        }
    }

    synchronized List<Guest> tooSlow(long now) {
        return readings.values().stream()
                .filter(r -> !r.complete && isSlow(r, now))
                .map(r -> r.guest)
                .toList();
    }

    private boolean isSlow(Reading reading, long now) {
        long beyond = now - reading.since - grace.toNanos();
        return beyond > 0 && reading.bytes < slowest * (beyond / 1_000_000_000.0);
    }
}
