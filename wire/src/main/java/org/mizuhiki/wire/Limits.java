package org.mizuhiki.wire;

import java.time.Duration;

/// What one server bears; every input has a bound here or in its [Route].
///
/// @param requestsAtOnce handled at the same time; more are answered 503 `server-busy`
/// @param connections open at the same time; more wait in the kernel's queue
/// @param headerBytes of one request, the request line included
/// @param idle after which a silent connection is closed, and by which a request's headers must be complete
/// @param minBytesPerSecond a body that comes slower is cut off (slow-loris), after a grace of [#idle]
/// @param callerPerMinute requests a minute of one authenticated person or institution
/// @param serverPerMinute requests a minute of one of the region's own servers
/// @param addressPerMinute requests a minute of one network address that shows no certificate
public record Limits(
        int requestsAtOnce,
        int connections,
        int headerBytes,
        Duration idle,
        int minBytesPerSecond,
        int callerPerMinute,
        int serverPerMinute,
        int addressPerMinute) {
    /// @throws org.mizuhiki.house.Refusal `config-invalid`
    public Limits {
        positive(requestsAtOnce, "requestsAtOnce");
        positive(connections, "connections");
        ServerConfig.need(headerBytes >= 1024, "headerBytes", "1024以上", "1024 or more");
        ServerConfig.need(idle.isPositive(), "idle", "0より長い時間", "longer than nothing");
        ServerConfig.need(minBytesPerSecond >= 0, "minBytesPerSecond", "0以上", "0 or more");
        positive(callerPerMinute, "callerPerMinute");
        positive(serverPerMinute, "serverPerMinute");
        positive(addressPerMinute, "addressPerMinute");
    }

    public static Limits usual() {
        return new Limits(256, 4096, 16 << 10, Duration.ofSeconds(20), 1024, 6_000, 600_000, 600);
    }

    /// The same with other rates, in requests a minute.
    public Limits withRates(int caller, int server, int address) {
        return new Limits(requestsAtOnce, connections, headerBytes, idle, minBytesPerSecond, caller, server, address);
    }

    /// The same with another idle time and least rate of a body.
    public Limits withPatience(Duration otherIdle, int otherMinBytesPerSecond) {
        return new Limits(
                requestsAtOnce,
                connections,
                headerBytes,
                otherIdle,
                otherMinBytesPerSecond,
                callerPerMinute,
                serverPerMinute,
                addressPerMinute);
    }

    /// The same with another number of requests handled at once.
    public Limits withRequestsAtOnce(int other) {
        return new Limits(
                other,
                connections,
                headerBytes,
                idle,
                minBytesPerSecond,
                callerPerMinute,
                serverPerMinute,
                addressPerMinute);
    }

    /// The same with another number of connections open at the same time.
    public Limits withConnections(int other) {
        return new Limits(
                requestsAtOnce,
                other,
                headerBytes,
                idle,
                minBytesPerSecond,
                callerPerMinute,
                serverPerMinute,
                addressPerMinute);
    }

    private static void positive(int value, String field) {
        ServerConfig.need(value > 0, field, "1以上", "1 or more");
    }
}
