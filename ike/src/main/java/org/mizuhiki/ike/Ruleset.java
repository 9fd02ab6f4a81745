package org.mizuhiki.ike;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All rules of a router as one transaction of nftables: the old table goes and the new one comes at once,
/// or nothing changes. Default deny.
///
/// Both directions of each packet are compared with the agreed flows: what conntrack remembers of a passage
/// that was closed opens nothing any more.
record Ruleset(Esp esp, Set<String> outside, Collection<Passage> passages) {
    static final String TABLE = "inet mizuhiki";

    /// Removes everything; well also if there is nothing.
    static String nothing() {
        return "add table " + TABLE + "\ndelete table " + TABLE + "\n";
    }

    String script() {
        return nothing() + "table " + TABLE + " {\n" + forward() + input() + output() + translation() + "}\n";
    }

    private String forward() {
        return """
                chain forward {
                  type filter hook forward priority filter; policy drop;
                  # never from one tunnel into another (seed 003, 8.1 d)
                  %1$s %2$s counter drop comment "relaying"
                  ct state invalid drop
                  %2$s tcp flags syn / syn,rst tcp option maxseg size set rt mtu
                  # a packet is too big, a host is not there: tell who asked
                  ct state related meta l4proto { icmp, ipv6-icmp } accept
                  %1$s jump passages
                  %2$s jump passages
                  # what comes this far is dropped
                  counter comment "not agreed"
                }
                chain passages {
                %3$s}
                """.formatted(
                esp.out(), esp.in(), passages.stream().map(Ruleset::rules).collect(Collectors.joining()));
    }

    private static String rules(Passage passage) {
        var rules = new StringBuilder("  # " + passage.tunnel() + "\n");
        for (boolean v4 : List.of(true, false)) {
            var mine = passage.flows().stream()
                    .filter(f -> f.from().isIpv4() == v4)
                    .toList();
            var ip = v4 ? "ip" : "ip6";
            var accept = (passage.dscp() == 0 ? "" : ip + " dscp set " + passage.dscp() + " ") + "accept\n";
            var services = set(mine.stream()
                    .filter(f -> f.protocol() != Flow.Protocol.PING)
                    .map(Ruleset::service));
            if (!services.isEmpty()) {
                rules.append("  %1$s saddr . %1$s daddr . meta l4proto . th dport { %2$s } ".formatted(ip, services))
                        .append(accept);
                rules.append(
                                "  ct direction reply ct state established %1$s daddr . %1$s saddr . meta l4proto . th sport { %2$s } "
                                        .formatted(ip, services))
                        .append(accept);
            }
            var pings = set(mine.stream()
                    .filter(f -> f.protocol() == Flow.Protocol.PING)
                    .map(Ruleset::hosts));
            if (!pings.isEmpty()) {
                var icmp = v4 ? "icmp" : "icmpv6";
                rules.append("  %1$s saddr . %1$s daddr { %2$s } %3$s type echo-request ".formatted(ip, pings, icmp))
                        .append(accept);
                rules.append(
                                "  ct direction reply ct state established %1$s daddr . %1$s saddr { %2$s } %3$s type echo-reply "
                                        .formatted(ip, pings, icmp))
                        .append(accept);
            }
        }
        return rules.toString();
    }

    private static String set(Stream<String> elements) {
        return elements.distinct().collect(Collectors.joining(", "));
    }

    private static String hosts(Flow flow) {
        return flow.from() + " . " + flow.to();
    }

    private static String service(Flow flow) {
        return hosts(flow) + " . " + flow.protocol().name().toLowerCase(Locale.ROOT) + " . " + flow.firstPort() + "-"
                + flow.lastPort();
    }

    /// A partner reaches hosts, never the router; from outside come IKE, ESP and answers, nothing else.
    private String input() {
        return """
                chain input {
                  type filter hook input priority filter; policy accept;
                  %s drop
                  iifname { %s } jump outside
                }
                chain outside {
                  ct state established,related accept
                  udp dport { 500, 4500 } accept
                  meta l4proto esp accept
                  icmp type echo-request limit rate 10/second accept
                  icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept
                  icmpv6 type echo-request limit rate 10/second accept
                  udp dport { 68, 546 } accept
                  drop
                }
                """.formatted(esp.out(), outside.stream().map(o -> '"' + o + '"').collect(Collectors.joining(", ")));
    }

    /// The router itself has nothing to say to partners but that a packet could not be delivered.
    private String output() {
        return """
                chain output {
                  type filter hook output priority filter; policy accept;
                  %s ct state new drop
                }
                """.formatted(esp.in());
    }

    private String translation() {
        return """
                chain shown-to-own {
                  type nat hook prerouting priority dstnat;
                %s}
                chain own-to-shown {
                  type nat hook postrouting priority srcnat;
                %s}
                """.formatted(
                translations("  %4$s ip saddr %3$s dnat ip prefix to ip daddr map { %2$s : %1$s }%n", esp.out()),
                translations("  %4$s ip daddr %3$s snat ip prefix to ip saddr map { %1$s : %2$s }%n", esp.in()));
    }

    private String translations(String form, String where) {
        return passages.stream()
                .flatMap(p -> p.translated().stream())
                .map(t -> form.formatted(t.own(), t.shown(), t.partner(), where))
                .distinct()
                .collect(Collectors.joining());
    }
}
