package org.mizuhiki.wire;

import java.time.Duration;

/// How long a caller waits and how often it tries.
///
/// @param connect until a connection stands
/// @param answer until the answer's headers are there
/// @param attempts in all, at least 1
/// @param firstWait before the second attempt; doubled at each further one, with half of it left to chance
/// @param inAll after which no further attempt starts
public record Patience(Duration connect, Duration answer, int attempts, Duration firstWait, Duration inAll) {
    public Patience {
        ServerConfig.need(connect.isPositive(), "connect", "0より長い時間", "longer than nothing");
        ServerConfig.need(answer.isPositive(), "answer", "0より長い時間", "longer than nothing");
        ServerConfig.need(attempts >= 1 && attempts <= 20, "attempts", "1〜20", "1 to 20");
        ServerConfig.need(firstWait.isPositive(), "firstWait", "0より長い時間", "longer than nothing");
        ServerConfig.need(inAll.isPositive(), "inAll", "0より長い時間", "longer than nothing");
    }

    public static Patience usual() {
        return new Patience(
                Duration.ofSeconds(5), Duration.ofSeconds(30), 5, Duration.ofMillis(100), Duration.ofSeconds(60));
    }

    /// One attempt: for callers that retry by themselves.
    public static Patience once() {
        return new Patience(
                Duration.ofSeconds(5), Duration.ofSeconds(30), 1, Duration.ofMillis(100), Duration.ofSeconds(60));
    }
}
