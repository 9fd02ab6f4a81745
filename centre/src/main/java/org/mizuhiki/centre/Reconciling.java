package org.mizuhiki.centre;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.centre.RouterDesk.LogLine;
import org.mizuhiki.centre.RouterDesk.Point;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.ConnectionInformation.End;
import org.mizuhiki.vpn.Network;
import org.mizuhiki.vpn.Service;

/// Lays what the three points saw of a connection beside each other, and beside what the centre decided (seed
/// 003, A.1: origin, access point, accessed system): a pure function. What one point saw and another did not
/// is named; so is what was seen outside of the agreed time, machines and ports.
final class Reconciling {
    /// How far apart the same may be seen, clocks set right: a transfer is logged when it ends.
    static final Duration TOLERANCE = Duration.ofSeconds(60);

    private Reconciling() {}

    /// @param router that handed it in
    /// @param ahead how far its clock is before the centre's
    record Seen(String router, Duration ahead, LogLine line) {
        Instant at() {
            return line.at().minus(ahead);
        }
    }

    /// @param ended by the centre's clock; absent while it runs
    record Case(ConnectionInformation information, Optional<Instant> ended, List<Seen> seen) {}

    /// Who speaks to whom, by their own sites' addresses.
    private record Flow(String source, String target, String protocol, int port, Optional<String> outside) {}

    /// The same passage at up to three points.
    private record Passage(Instant at, Map<Point, Seen> points) {}

    /// Of one flow, in the order of time. Each point's lines come in that order, too, so a passage that was
    /// passed over once is never looked at again for that point: as many steps as there are lines, whoever
    /// wrote them.
    private static final class Passages {
        private final List<Passage> all = new ArrayList<>();
        private final Map<Point, Integer> next = new EnumMap<>(Point.class);

        /// The first passage that this point has not seen, if it is not too long ago; else a new one.
        void add(Seen seen) {
            var point = seen.line().point();
            int at = next.getOrDefault(point, 0);
            while (at < all.size()
                    && Duration.between(all.get(at).at(), seen.at()).compareTo(TOLERANCE) > 0) {
                at++;
            }
            if (at == all.size()) {
                all.add(new Passage(seen.at(), new EnumMap<>(Point.class)));
            }
            all.get(at).points().put(point, seen);
            next.put(point, at + 1);
        }
    }

    static Reconciled compare(Case in) {
        // 1. the same passage at each point once, near each other in time by one clock
        var passages = new LinkedHashMap<Flow, Passages>();
        in.seen().stream()
                .sorted(Comparator.comparing(Seen::at))
                .forEach(seen -> passages.computeIfAbsent(flow(in, seen), _ -> new Passages())
                        .add(seen));
        // 2. complete and as agreed, or named
        var odd = new ArrayList<Reconciled.Odd>();
        int agreed = 0;
        for (var one : passages.entrySet()) {
            var flow = one.getKey();
            for (var passage : one.getValue().all) {
                var missing = Stream.of(Point.values())
                        .filter(p -> !passage.points().containsKey(p))
                        .toList();
                var outside = flow.outside().or(() -> outside(in, passage.at()));
                if (missing.isEmpty() && outside.isEmpty()) {
                    agreed++;
                } else {
                    odd.add(new Reconciled.Odd(
                            flow.source(),
                            flow.target(),
                            flow.protocol(),
                            flow.port(),
                            passage.at(),
                            List.copyOf(passage.points().keySet()),
                            missing,
                            outside));
                }
            }
        }
        return new Reconciled(in.information().connection(), agreed, odd);
    }

    private static Flow flow(Case in, Seen seen) {
        var i = in.information();
        var line = seen.line();
        var source = machine(i, seen.router(), line.source());
        var target = machine(i, seen.router(), line.target());
        var protocol = line.protocol().toUpperCase(Locale.ROOT);
        boolean known = source.isPresent() && target.isPresent();
        boolean toAsked = known && target.get().end().equals(i.asked());
        boolean across = known && !source.get().end().equals(target.get().end());
        boolean open = i.service().openings().stream()
                .anyMatch(o -> o.protocol().name().equals(protocol)
                        && o.toAsked() == toAsked
                        && (o.protocol() == Service.Protocol.ICMP
                                || (o.from() <= line.port() && line.port() <= o.to())));
        Optional<String> outside = !across ? Optional.of("machine") : open ? Optional.empty() : Optional.of("port");
        return new Flow(
                source.map(Machine::text).orElse(line.source()),
                target.map(Machine::text).orElse(line.target()),
                protocol,
                line.port(),
                outside);
    }

    /// @param end whose side it is on
    private record Machine(End end, Network real) {
        String text() {
            return real.address();
        }
    }

    /// Whose machine an address is, as this router sees it: its own side's first, whose addresses no partner is
    /// shown under; where both sites have the same real addresses, at least one is shown under others.
    private static Optional<Machine> machine(ConnectionInformation i, String router, String address) {
        boolean asked = i.asked().router().identity().equals(router);
        return Network.ofHost(address)
                .flatMap(host -> Stream.of(asked ? i.asked() : i.asking(), asked ? i.asking() : i.asked())
                        .flatMap(end -> end.networks().stream()
                                .flatMap(n -> n.realOf(host).stream())
                                .map(real -> new Machine(end, real)))
                        .findFirst());
    }

    private static Optional<String> outside(Case in, Instant at) {
        boolean early = at.isBefore(in.information().since().minus(TOLERANCE));
        var end = in.ended().orElse(in.information().until());
        return early || at.isAfter(end.plus(TOLERANCE)) ? Optional.of("time") : Optional.empty();
    }
}
