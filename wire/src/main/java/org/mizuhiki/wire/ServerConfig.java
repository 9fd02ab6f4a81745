package org.mizuhiki.wire;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.mizuhiki.house.Refusal;

/// Where and how one server listens; refused at start with a clear message when it makes no sense.
///
/// @param name the role, such as `keys`: for logs, metrics and messages
/// @param host the address to bind, such as `127.0.0.1`
/// @param port of the TLS connector; 0 takes a free one
/// @param plainPort of a second connector without TLS for routes marked [Route#alsoPlain]; 0 takes a free
/// one
/// @param stopTimeout how long requests under way may take to end at a stop
/// @param origins of pages that reach routes marked [Route#forBrowsers], such as `https://portal.example`
public record ServerConfig(
        String name,
        String host,
        int port,
        OptionalInt plainPort,
        Limits limits,
        Duration stopTimeout,
        List<String> origins) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,30}");

    /// @throws Refusal `config-invalid` naming the field and what it may be
    public ServerConfig {
        origins = List.copyOf(origins);
        need(NAME.matcher(name).matches(), "name", "小文字の英数字", "lower case letters, digits and hyphens");
        need(!host.isBlank(), "host", "待ち受けるアドレス", "the address to bind, such as 127.0.0.1");
        need(isPort(port), "port", "0〜65535", "0 to 65535");
        need(isPort(plainPort.orElse(0)), "plainPort", "0〜65535", "0 to 65535");
        need(
                stopTimeout.compareTo(Duration.ofMillis(100)) >= 0 && stopTimeout.compareTo(Duration.ofMinutes(5)) <= 0,
                "stopTimeout",
                "0.1秒〜5分",
                "0.1 seconds to 5 minutes");
    }

    public static ServerConfig of(String name, String host, int port) {
        return new ServerConfig(
                name, host, port, OptionalInt.empty(), Limits.usual(), Duration.ofSeconds(10), List.of());
    }

    public ServerConfig withPlainPort(int plain) {
        return new ServerConfig(name, host, port, OptionalInt.of(plain), limits, stopTimeout, origins);
    }

    public ServerConfig withLimits(Limits other) {
        return new ServerConfig(name, host, port, plainPort, other, stopTimeout, origins);
    }

    public ServerConfig withStopTimeout(Duration other) {
        return new ServerConfig(name, host, port, plainPort, limits, other, origins);
    }

    public ServerConfig withOrigins(List<String> other) {
        return new ServerConfig(name, host, port, plainPort, limits, stopTimeout, other);
    }

    private static boolean isPort(int number) {
        return number >= 0 && number <= 65_535;
    }

    static void need(boolean holds, String field, String japanese, String english) {
        if (!holds) {
            throw Refusal.of(
                    "config-invalid",
                    "設定項目「" + field + "」が正しくありません（" + japanese + "）",
                    "The configuration's '" + field + "' is not valid; it must be " + english);
        }
    }
}
