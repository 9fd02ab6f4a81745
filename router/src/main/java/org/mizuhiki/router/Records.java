package org.mizuhiki.router;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.mizuhiki.centre.LogBatch;
import org.mizuhiki.centre.RouterDesk;
import org.mizuhiki.centre.RouterDesk.LogLine;
import org.mizuhiki.centre.SignedBatch;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.Cidr;
import org.mizuhiki.ike.Conversation;
import org.mizuhiki.vpn.ConnectionInformation.End;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What passed this access point (seed 003, A.1): each conversation when it begins and, with the bytes of
/// both directions, when it has ended; and what systems of the site hand in about the same connection.
/// Noted on disk first, signed in batches ([LogChain]), handed in to the centre until that has
/// acknowledged.
final class Records {
    private static final Logger LOG = LoggerFactory.getLogger(Records.class);
    private static final int MOST_WAITING = 10_000;
    private static final int MOST_A_TURN = 50;

    /// A signature of a chip takes its time, and few lines are worth one: so many turns they wait for more.
    private static final int TURNS_HELD = 2;

    private final Path folder;
    private final RouterDesk desk;
    private final Around around;
    private final Map<String, LogChain> chains = new TreeMap<>();
    private final Map<String, Integer> held = new HashMap<>();

    /// @param folder with a folder for each connection; what an earlier run left is taken up
    Records(Path folder, RouterDesk desk, Around around) {
        this.folder = folder;
        this.desk = desk;
        this.around = around;
        try {
            Files.createDirectories(folder);
            try (Stream<Path> connections = Files.list(folder)) {
                connections.forEach(this::takeUp);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
    }

    private void takeUp(Path kept) {
        try {
            chains.put(kept.getFileName().toString(), new LogChain(kept));
        } catch (Refusal e) {
            // the centre's readers see a chain without an end
            LOG.error("{} cannot be read; the records in it are lost: {}", kept, e.getMessage());
        }
    }

    /// Compares what is spoken now with what was; called every few seconds by one thread.
    void look(List<Conversation> now, List<Accepted> connections, Instant at) {
        note(now, connections, at);
        handIn();
    }

    private synchronized void note(List<Conversation> now, List<Accepted> connections, Instant at) {
        var spoken = new HashMap<String, List<Conversation>>();
        connections.forEach(c -> spoken.put(c.connection(), new ArrayList<>()));
        for (var conversation : now) {
            connection(conversation, connections)
                    .ifPresent(name -> spoken.getOrDefault(name, List.of()).add(conversation));
        }
        spoken.keySet().forEach(name -> chains.computeIfAbsent(name, _ -> new LogChain(folder.resolve(name))));
        for (var chain : chains.values()) {
            if (!chain.isClosed()) {
                note(chain, Optional.ofNullable(spoken.get(chain.connection())), at);
            }
        }
    }

    /// @param spoken absent when the connection is over
    private void note(LogChain chain, Optional<List<Conversation>> spoken, Instant at) {
        var now = spoken.orElse(List.of());
        if (!chain.isOpenAt(now)) {
            chain.note(lines(chain, now, at), now, room());
        }
        boolean due = chain.unsigned() > 0 && held.merge(chain.connection(), 1, Integer::sum) >= TURNS_HELD;
        if (due || spoken.isEmpty() || chain.unsigned() >= RouterDesk.MOST) {
            chain.sign(spoken.isEmpty(), (n, before, lost, last, all) -> sign(chain, n, before, lost, last, all, at));
            held.remove(chain.connection());
        }
    }

    private static List<LogLine> lines(LogChain chain, List<Conversation> now, Instant at) {
        var before = new HashMap<Conversation, Conversation>();
        chain.open().forEach(c -> before.put(c.begun(), c));
        var lines = new ArrayList<LogLine>();
        for (var conversation : now) {
            if (before.remove(conversation.begun()) == null) {
                lines.add(line(chain.connection(), conversation, at, 0));
            }
        }
        before.values().forEach(ended -> lines.add(line(chain.connection(), ended, at, ended.bytes())));
        return lines;
    }

    static List<LogLine> passing(List<Conversation> now, List<Accepted> connections, Instant at) {
        return now.stream()
                .flatMap(c -> connection(c, connections).map(name -> line(name, c, at, c.bytes())).stream())
                .toList();
    }

    private static LogLine line(String connection, Conversation c, Instant at, long bytes) {
        return new LogLine(
                connection,
                RouterDesk.Point.ACCESS_POINT,
                at,
                c.source().getHostAddress(),
                c.target().getHostAddress(),
                c.protocol(),
                c.port(),
                bytes);
    }

    private SignedBatch sign(
            LogChain chain,
            long number,
            Optional<Digest> before,
            long lost,
            boolean last,
            List<LogLine> all,
            Instant at) {
        var batch = new LogBatch(
                LogBatch.FORM,
                around.self().identity(),
                chain.connection(),
                number,
                before,
                at,
                around.time().get(),
                lost,
                last,
                "%016x%016x".formatted(around.die().nextLong(), around.die().nextLong()),
                all);
        return SignedBatch.sign(batch, around.author().get());
    }

    /// What a system of this site saw, at the origin or at what was accessed; on disk when this returns.
    ///
    /// @throws Refusal `connection-unknown`, `log-malformed`, `log-full`
    synchronized void told(String connection, List<LogLine> lines) {
        var chain = Optional.ofNullable(chains.get(connection))
                .filter(c -> !c.isClosed())
                .orElseThrow(() -> Refusal.of(
                        "connection-unknown", "その接続はこの機器で動いていません", "No such connection runs at this router"));
        // what passes the form here passes it at the centre, too
        var _ = new LogBatch(
                LogBatch.FORM,
                around.self().identity(),
                connection,
                1,
                Optional.empty(),
                around.clock().instant(),
                Optional.empty(),
                0,
                false,
                "0".repeat(32),
                lines);
        if (lines.size() > room()) {
            throw Refusal.of(
                    "log-full",
                    "接続管理センターに届けられない記録が多すぎます。回線を確かめて、後でもう一度お試しください",
                    "Too many records wait for the centre; see to the line and try again later");
        }
        chain.note(lines, room());
    }

    synchronized int unheard() {
        return chains.values().stream()
                .mapToInt(c -> c.unsigned() + c.waitingCount())
                .sum();
    }

    private int room() {
        int waiting = chains.values().stream()
                .mapToInt(c -> c.unsigned() + RouterDesk.MOST * c.waitingCount())
                .sum();
        return Math.max(0, MOST_WAITING - waiting);
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

    /// In order, connection by connection; a centre that is away hears it next time.
    private void handIn() {
        List<LogChain> all;
        synchronized (this) {
            all = List.copyOf(chains.values());
        }
        int left = MOST_A_TURN;
        for (var chain : all) {
            for (var signed : chain.waiting().stream().limit(left).toList()) {
                if (!isTaken(signed)) {
                    return;
                }
                left--;
                chain.acknowledged(LogChain.batch(signed).number());
            }
            forgetIfDone(chain);
        }
    }

    private boolean isTaken(SignedBatch signed) {
        try {
            desk.log(signed);
            return true;
        } catch (Refusal e) {
            if (!Reports.isHeard(e)) {
                return false;
            }
            LOG.error("the centre takes records of traffic no more, they stay unproven: {}", e.getMessage());
            return true;
        }
    }

    private synchronized void forgetIfDone(LogChain chain) {
        if (chain.isClosed() && chain.waitingCount() == 0) {
            chain.forget();
            chains.remove(chain.connection());
        }
    }
}
