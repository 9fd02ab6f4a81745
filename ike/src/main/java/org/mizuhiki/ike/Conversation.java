package org.mizuhiki.ike;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.house.Refusal;

/// Somebody at one host speaks with another, as the kernel's connection tracking has it: who, with whom, by
/// what, how much; never what.
///
/// @param source who began, as it is seen on its own side of this machine
/// @param target with whom, likewise
/// @param protocol `tcp`, `udp`, `icmp` and so on
/// @param from port at the source; 0 without ports. With the others it tells conversations apart
/// @param port at the target; 0 without ports
/// @param bytes in both directions so far
public record Conversation(InetAddress source, InetAddress target, String protocol, int from, int port, long bytes) {
    private static final String TABLE = "/proc/net/nf_conntrack";
    private static final int MOST = 10_000;
    private static final Pattern PROTOCOL = Pattern.compile("[a-z0-9]{1,16}");

    /// Has the kernel count bytes; it does not by itself.
    ///
    /// @throws Refusal `network-command`
    public static void count(NetworkSpace space) {
        space.run("sysctl", "-qw", "net.netfilter.nf_conntrack_acct=1");
    }

    /// Those of now; at most 10,000.
    ///
    /// @throws Refusal `network-command`
    public static List<Conversation> of(NetworkSpace space) {
        return space.run("cat", TABLE)
                .lines()
                .limit(MOST)
                .flatMap(l -> read(l).stream())
                .toList();
    }

    /// One line of the table: words, and `name=value` first for the way there, then for the way back.
    static Optional<Conversation> read(String line) {
        var words = line.strip().split("\\s+");
        Map<String, String> there = new HashMap<>();
        var bytes = new ArrayList<Long>();
        for (var word : words) {
            int at = word.indexOf('=');
            if (at > 0) {
                there.putIfAbsent(word.substring(0, at), word.substring(at + 1));
                if (word.startsWith("bytes=")) {
                    bytes.add(number(word.substring(at + 1)));
                }
            }
        }
        if (words.length < 3
                || !PROTOCOL.matcher(words[2]).matches()
                || !there.keySet().containsAll(List.of("src", "dst"))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Conversation(
                    InetAddress.ofLiteral(there.getOrDefault("src", "")),
                    InetAddress.ofLiteral(there.getOrDefault("dst", "")),
                    words[2],
                    port(there.getOrDefault("sport", "0")),
                    port(there.getOrDefault("dport", "0")),
                    bytes.stream().limit(2).mapToLong(Long::longValue).sum()));
        } catch (IllegalArgumentException e) { // no address
            return Optional.empty();
        }
    }

    private static int port(String text) {
        return Math.clamp(number(text), 0, 0xffff);
    }

    private static long number(String text) {
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /// The same conversation, however much was said.
    public Conversation begun() {
        return new Conversation(source, target, protocol, from, port, 0);
    }
}
