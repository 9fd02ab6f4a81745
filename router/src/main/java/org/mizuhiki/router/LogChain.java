package org.mizuhiki.router;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.mizuhiki.centre.LogBatch;
import org.mizuhiki.centre.RouterDesk;
import org.mizuhiki.centre.RouterDesk.LogLine;
import org.mizuhiki.centre.SignedBatch;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.ike.Conversation;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.wire.Json;

/// The records of one connection at this access point, durably: `state.json` with lines that nobody signed
/// yet and conversations that are open, and `<number>.json` for each signed batch that the centre has not
/// acknowledged. What was noted is signed once and in order, whatever crashes when.
final class LogChain {
    private static final String OWNER = "rw-------";
    private static final String STATE = "state.json";
    private static final String SUFFIX = ".json";

    private final Path folder;
    private State state;
    private final AtomicInteger waitingCount = new AtomicInteger();

    /// @param number of the newest signed batch, 0 before the first
    /// @param newest its digest
    /// @param lost lines that found no room since
    /// @param closed whether the newest was the last
    private record State(
            long number, Optional<Digest> newest, long lost, boolean closed, List<LogLine> lines, List<Open> open) {
        State {
            lines = List.copyOf(lines);
            open = List.copyOf(open);
        }

        State after(LogBatch batch) {
            // after a crash between batch and state these lines are in both
            var rest = new ArrayList<>(lines);
            batch.lines().forEach(rest::remove);
            return new State(batch.number(), Optional.of(batch.id()), 0, batch.last(), rest, open);
        }
    }

    private record Open(String source, String target, String protocol, int from, int port, long bytes) {
        static Open of(Conversation c) {
            return new Open(
                    c.source().getHostAddress(),
                    c.target().getHostAddress(),
                    c.protocol(),
                    c.from(),
                    c.port(),
                    c.bytes());
        }

        Conversation conversation() {
            return new Conversation(
                    InetAddress.ofLiteral(source), InetAddress.ofLiteral(target), protocol, from, port, bytes);
        }
    }

    /// Takes up what an earlier run left, or begins.
    LogChain(Path folder) {
        this.folder = folder;
        this.state = new State(0, Optional.empty(), 0, false, List.of(), List.of());
        try {
            if (Files.exists(folder.resolve(STATE))) {
                state = Json.read(Bytes.of(Files.readAllBytes(folder.resolve(STATE))), State.class);
                var left = waiting();
                waitingCount.set(left.size());
                left.stream()
                        .map(LogChain::batch)
                        .filter(b -> b.number() > state.number())
                        .forEach(b -> {
                            state = state.after(b);
                        });
            } else {
                Files.createDirectories(folder);
                write(state);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
    }

    String connection() {
        return String.valueOf(folder.getFileName());
    }

    /// On disk when this returns.
    ///
    /// @param open conversations that go on
    /// @param room for so many lines; the others are counted as lost
    void note(List<LogLine> more, List<Conversation> open, int room) {
        var lines = new ArrayList<>(state.lines());
        more.stream().limit(room).forEach(lines::add);
        long lost = state.lost() + Math.max(0, more.size() - room);
        write(new State(
                state.number(),
                state.newest(),
                lost,
                state.closed(),
                lines,
                open.stream().map(Open::of).toList()));
    }

    /// The same for what a site's own system hands in.
    void note(List<LogLine> more, int room) {
        note(more, open(), room);
    }

    /// Conversations that were open at the last [#note].
    List<Conversation> open() {
        return state.open().stream().map(Open::conversation).toList();
    }

    boolean isOpenAt(List<Conversation> now) {
        return keys(now).equals(keys(open()));
    }

    private static Map<Conversation, Boolean> keys(List<Conversation> all) {
        var keys = new HashMap<Conversation, Boolean>();
        all.forEach(c -> keys.put(c.begun(), true));
        return keys;
    }

    int unsigned() {
        return state.lines().size();
    }

    boolean isClosed() {
        return state.closed();
    }

    /// Makes the next batch out of what is noted.
    interface Signing {
        SignedBatch sign(long number, Optional<Digest> before, long lost, boolean last, List<LogLine> lines);
    }

    /// Signs all that is noted.
    ///
    /// @param last whether the connection is over: closes the chain, also without a line
    void sign(boolean last, Signing signing) {
        while (!state.closed() && (last || !state.lines().isEmpty() || state.lost() > 0)) {
            var lines = state.lines().stream().limit(RouterDesk.MOST).toList();
            boolean end = last && lines.size() == state.lines().size();
            var signed = signing.sign(state.number() + 1, state.newest(), state.lost(), end, lines);
            var next = state.after(LogBatch.decode(signed.batch()));
            KeyFiles.write(file(next.number()), Json.write(signed).toArray(), OWNER);
            waitingCount.incrementAndGet();
            write(next);
        }
    }

    /// What the centre has not acknowledged, in order.
    List<SignedBatch> waiting() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().matches("[0-9]{1,18}\\.json"))
                    .map(LogChain::read)
                    .sorted(Comparator.comparingLong(s -> batch(s).number()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
    }

    private static SignedBatch read(Path file) {
        try {
            return Json.read(Bytes.of(Files.readAllBytes(file)), SignedBatch.class);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    static LogBatch batch(SignedBatch signed) {
        return LogBatch.decode(signed.batch());
    }

    int waitingCount() {
        return waitingCount.get();
    }

    /// The centre has it.
    void acknowledged(long number) {
        delete(file(number));
        waitingCount.decrementAndGet();
    }

    /// All was said and acknowledged.
    void forget() {
        delete(folder.resolve(STATE));
        delete(folder);
    }

    private Path file(long number) {
        return folder.resolve(number + SUFFIX);
    }

    private void write(State next) {
        KeyFiles.write(folder.resolve(STATE), Json.write(next).toArray(), OWNER);
        state = next;
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + file, e);
        }
    }
}
