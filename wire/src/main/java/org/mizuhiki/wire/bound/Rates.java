package org.mizuhiki.wire.bound;

import io.github.bucket4j.Bucket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A token bucket for each caller, for as many callers as were seen lately.
public final class Rates {
    /// Longest-unseen callers are forgotten beyond this; a forgotten bucket was full again or is of a
    /// lone visitor.
    private static final int REMEMBERED = 50_000;

    private final Map<String, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > REMEMBERED;
        }
    };

    /// Takes one token.
    ///
    /// @return how long to wait when there was none
    public Optional<Duration> take(String caller, int perMinute) {
        var probe = bucket(caller, perMinute).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed()
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(1, probe.getNanosToWaitForRefill())));
    }

    private Bucket bucket(String caller, int perMinute) {
        synchronized (buckets) {
            return buckets.computeIfAbsent(
                    caller,
                    c -> Bucket.builder()
                            .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
                            .withNanosecondPrecision()
                            .build());
        }
    }

    /// A name for where somebody anonymous comes from: an IPv6 subscriber has a whole /64 to choose
    /// addresses from.
    public static String place(InetAddress address) {
        var bytes = address.getAddress();
        return "at:" + HexFormat.of().formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, 8) : bytes);
    }
}
