package org.mizuhiki.router;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
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
/// answered. What the centre says no to stops nothing behind it; what was signed stays here for [#RETENTION]
/// after the connection's end, so that whoever doubts the centre can compare.
final class Records {
    private static final Logger LOG = LoggerFactory.getLogger(Records.class);
    private static final int MOST_WAITING = 10_000;
    private static final int MOST_A_TURN = 50;

    /// A signature of a chip takes its time, and few lines are worth one: so many turns they wait for more.
    private static final int TURNS_HELD = 2;

    /// Then more for every so many batches: a connection of months finds room for the chain that it may have.
    private static final int BATCHES_A_TURN = 20;

    private static final Duration RETENTION = Duration.ofDays(90);

    /// Signed copies of all connections that are kept.
    private static final int MOST_COPIES = 10_000;

    /// Refusals that say no for good, whenever it comes again. Others hold up their own connection's records only.
    private static final Set<String> FOR_GOOD = Set.of(
            "log-forked",
            "log-forged",
            "log-malformed",
            "body-malformed",
            "body-too-large",
            "connection-unknown",
            "certificate-expired",
            "certificate-revoked");

    /// The centre is away, or asks for patience.
    private static final Set<String> AWAY = Set.of(
            "peer-unreachable",
            "peer-untrusted",
            "server-unavailable",
            "server-busy",
            "server-stopping",
            "rate-exceeded");

    private final Path folder;
    private final RouterDesk desk;
    private final Around around;
    private final Map<String, LogChain> chains = new TreeMap<>();

    /// Ended, and all of it answered by the centre.
    private final Map<String, LogChain> finished = new TreeMap<>();

    private final Map<String, Integer> held = new HashMap<>();

    /// Of which it was said already that they wait.
    private final Set<String> waits = ConcurrentHashMap.newKeySet();

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
            var chain = new LogChain(kept);
            (chain.finished().isPresent() ? finished : chains).put(chain.connection(), chain);
        } catch (Refusal e) {
            // the centre's readers see a chain without an end
            LOG.error("{} cannot be read; the records in it are lost: {}", kept, e.getMessage());
        }
    }

    /// Compares what is spoken now with what was; called every few seconds by one thread.
    void look(List<Conversation> now, List<Accepted> connections, Instant at) {
        note(now, connections, at);
        handIn();
        tidy(at);
    }

    private synchronized void note(List<Conversation> now, List<Accepted> connections, Instant at) {
        var spoken = new HashMap<String, List<Conversation>>();
        connections.forEach(c -> spoken.put(c.connection(), new ArrayList<>()));
        for (var conversation : now) {
            connection(conversation, connections)
                    .ifPresent(name -> spoken.getOrDefault(name, List.of()).add(conversation));
        }
        // of one that has ended nothing more is said
        spoken.keySet().removeAll(finished.keySet());
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
            chain.note(lines(chain, now, at), now, chain.room(room()));
        }
        boolean due = chain.unsigned() > 0 && held.merge(chain.connection(), 1, Integer::sum) >= turns(chain);
        if (due || spoken.isEmpty() || chain.unsigned() >= RouterDesk.MOST) {
            chain.sign(spoken.isEmpty(), (n, before, lost, last, all) -> sign(chain, n, before, lost, last, all, at));
            held.remove(chain.connection());
        }
    }

    private static int turns(LogChain chain) {
        return TURNS_HELD + (int) (chain.number() / BATCHES_A_TURN);
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
        if (lines.size() > chain.room(room())) {
            throw Refusal.of(
                    "log-full",
                    "接続管理センターに届けられない記録が多すぎます。回線を確かめて、後でもう一度お試しください",
                    "Too many records wait for the centre; see to the line and try again later");
        }
        chain.note(lines, chain.room(room()));
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

    synchronized List<RefusedBatch> refusedRecords() {
        return Stream.concat(chains.values().stream(), finished.values().stream())
                .flatMap(c -> c.refused().entrySet().stream()
                        .map(r -> new RefusedBatch(c.connection(), r.getKey(), r.getValue())))
                .toList();
    }

    /// What became of a batch.
    private enum Answer {
        TAKEN,
        LATER,
        AWAY
    }

    /// In order, connection by connection; a centre that is away hears it next time.
    private void handIn() {
        List<LogChain> all;
        synchronized (this) {
            all = List.copyOf(chains.values());
        }
        int left = MOST_A_TURN;
        for (var chain : all) {
            for (long number : chain.waitingNumbers().stream().limit(left).toList()) {
                var answer = handIn(chain, number);
                if (answer == Answer.AWAY) {
                    return;
                }
                if (answer == Answer.LATER) {
                    break; // what comes behind would have a gap before it
                }
                left--;
            }
            finishIfDone(chain);
        }
    }

    private Answer handIn(LogChain chain, long number) {
        try {
            desk.log(chain.signed(number));
            chain.acknowledged(number);
            waits.remove(chain.connection());
            return Answer.TAKEN;
        } catch (Refusal e) {
            if (AWAY.contains(e.code())) {
                return Answer.AWAY;
            }
            if (!FOR_GOOD.contains(e.code())) {
                if (waits.add(chain.connection())) {
                    LOG.warn("batch {} of {} waits: {}", number, chain.connection(), e.getMessage());
                }
                return Answer.LATER;
            }
            LOG.error(
                    "the centre refuses batch {} of {}; it stays here: {}", number, chain.connection(), e.getMessage());
            chain.refused(number, e.code());
            return Answer.TAKEN;
        }
    }

    private synchronized void finishIfDone(LogChain chain) {
        if (chain.isClosed() && chain.waitingCount() == 0) {
            chain.finish(around.clock().instant());
            chains.remove(chain.connection());
            finished.put(chain.connection(), chain);
        }
    }

    /// Old copies go, and where there are too many those of the connection that ended first; what the centre
    /// refused only when nothing else is left.
    private synchronized void tidy(Instant now) {
        finished.values().removeIf(chain -> {
            boolean over = chain.finished()
                    .filter(f -> !now.isBefore(f.plus(RETENTION)))
                    .isPresent();
            if (over) {
                chain.forget();
            }
            return over;
        });
        var all = Stream.concat(
                        finished.values().stream()
                                .sorted(Comparator.comparing(c -> c.finished().orElse(Instant.MAX))),
                        chains.values().stream())
                .toList();
        int tooMany = all.stream().mapToInt(LogChain::copies).sum() - MOST_COPIES;
        for (boolean taken : List.of(true, false)) {
            for (var chain : all) {
                tooMany -= chain.drop(Math.max(0, tooMany), taken);
            }
        }
    }
}
