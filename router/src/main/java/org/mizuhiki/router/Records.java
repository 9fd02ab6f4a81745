package org.mizuhiki.router;

import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.centre.RouterDesk;
import org.mizuhiki.centre.RouterDesk.LogLine;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.Cidr;
import org.mizuhiki.ike.Conversation;
import org.mizuhiki.vpn.ConnectionInformation.End;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What passed this access point (seed 003, 6): each conversation when it begins and, with the bytes of both
/// directions, when it has ended. Handed in to the centre; while that is away the newest ones wait.
final class Records {
    private static final Logger LOG = LoggerFactory.getLogger(Records.class);
    private static final int MOST_WAITING = 10_000;
    private static final int MOST_BATCHES = 10;

    private final RouterDesk desk;
    private final Map<Conversation, Open> open = new HashMap<>();
    private final List<LogLine> waiting = new ArrayList<>();

    private record Open(String connection, Conversation last) {}

    Records(RouterDesk desk) {
        this.desk = desk;
    }

    /// Compares what is spoken now with what was; called every few seconds by one thread.
    void look(List<Conversation> now, List<Accepted> connections, Instant at) {
        var seen = new HashMap<Conversation, Open>();
        for (var conversation : now) {
            connection(conversation, connections)
                    .ifPresent(name -> seen.put(conversation.begun(), new Open(name, conversation)));
        }
        seen.forEach((key, one) -> {
            if (!open.containsKey(key)) {
                add(line(one, at, 0));
            }
        });
        open.forEach((key, one) -> {
            if (!seen.containsKey(key)) {
                add(line(one, at, one.last().bytes()));
            }
        });
        open.clear();
        open.putAll(seen);
        handIn();
    }

    private void add(LogLine line) {
        if (waiting.size() == MOST_WAITING) {
            LOG.warn("the centre is away for long; a record of traffic is lost: {}", waiting.removeFirst());
        }
        waiting.add(line);
    }

    private static LogLine line(Open one, Instant at, long bytes) {
        var c = one.last();
        return new LogLine(
                one.connection(),
                RouterDesk.Point.ACCESS_POINT,
                at,
                c.source().getHostAddress(),
                c.target().getHostAddress(),
                c.protocol(),
                c.port(),
                bytes);
    }

    /// Own hosts have their real addresses here, and as a target those as which they are shown; the partner's
    /// are always shown ones. The first packet's direction is the conversation's.
    private static Optional<String> connection(Conversation conversation, List<Accepted> connections) {
        return connections.stream()
                .filter(a -> isBetween(conversation, a.good().own(), a.good().partner()))
                .map(Accepted::connection)
                .findFirst();
    }

    private static boolean isBetween(Conversation conversation, End own, End partner) {
        return (isIn(conversation.source(), own) && isIn(conversation.target(), partner))
                || (isIn(conversation.source(), partner) && isIn(conversation.target(), own));
    }

    private static boolean isIn(InetAddress address, End end) {
        var host = new Cidr(address, address.getAddress().length * Byte.SIZE);
        return end.networks().stream()
                .flatMap(n -> Stream.of(n.real(), n.shown()))
                .anyMatch(n -> Cidr.of(n.toString()).contains(host));
    }

    private void handIn() {
        for (int batch = 0; batch < MOST_BATCHES && !waiting.isEmpty(); batch++) {
            var next = List.copyOf(waiting.subList(0, Math.min(RouterDesk.MOST, waiting.size())));
            try {
                desk.log(next);
            } catch (Refusal e) {
                if (!Reports.isHeard(e)) {
                    return; // away: next time
                }
                LOG.warn("the centre takes {} records of traffic no more: {}", next.size(), e.getMessage());
            }
            waiting.subList(0, next.size()).clear();
        }
    }
}
