package org.mizuhiki.router;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
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
/// answered. What was noted is signed once and in order, whatever crashes when. What was signed stays whatever
/// the centre says of it, for whoever compares it with the centre's: `<number>.taken.json`, or
/// `<number>.<code>.json` with the code of the centre's refusal.
final class LogChain {
    private static final String OWNER = "rw-------";
    private static final String STATE = "state.json";
    private static final String SUFFIX = ".json";
    private static final Pattern SIGNED = Pattern.compile("([0-9]{1,18})(?:\\.([a-z][a-z0-9-]{0,63}))?\\.json");
    private static final String TAKEN = "taken";

    private final Path folder;
    private State state;
    private final NavigableSet<Long> waiting = new ConcurrentSkipListSet<>();

    /// Signed copies of what the centre has answered, with its code.
    private final NavigableMap<Long, String> answered = new ConcurrentSkipListMap<>();

    /// @param number of the newest signed batch, 0 before the first
    /// @param newest its digest
    /// @param lost lines that found no room since
    /// @param closed whether the newest was the last
    /// @param done when the centre had answered all of a closed chain
    private record State(
            long number,
            Optional<Digest> newest,
            long lost,
            boolean closed,
            List<LogLine> lines,
            List<Open> open,
            Optional<Instant> done) {
        State {
            lines = List.copyOf(lines);
            open = List.copyOf(open);
        }

        State after(LogBatch batch) {
            // after a crash between batch and state these lines are in both
            var rest = new ArrayList<>(lines);
            batch.lines().forEach(rest::remove);
            // what the last one has no room for is counted in it
            var left = batch.last() ? List.<LogLine>of() : rest;
            return new State(batch.number(), Optional.of(batch.id()), 0, batch.last(), left, open, done);
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
        this.state = new State(0, Optional.empty(), 0, false, List.of(), List.of(), Optional.empty());
        try {
            if (Files.exists(folder.resolve(STATE))) {
                state = Json.read(Bytes.of(Files.readAllBytes(folder.resolve(STATE))), State.class);
                try (Stream<Path> files = Files.list(folder)) {
                    files.forEach(this::find);
                }
                waiting().stream()
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

    private void find(Path file) {
        var name = SIGNED.matcher(String.valueOf(file.getFileName()));
        if (name.matches()) {
            long number = Long.parseLong(name.group(1));
            Optional.ofNullable(name.group(2))
                    .ifPresentOrElse(code -> answered.put(number, code), () -> waiting.add(number));
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
                open.stream().map(Open::of).toList(),
                state.done()));
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
        // the centre takes so many of a chain: the last place is for the one that closes it
        while (!state.closed() && (last || (!isFull() && (!state.lines().isEmpty() || state.lost() > 0)))) {
            var lines = state.lines().stream().limit(RouterDesk.MOST).toList();
            boolean end = last && (isFull() || lines.size() == state.lines().size());
            long lost = state.lost() + (end ? state.lines().size() - lines.size() : 0);
            var signed = signing.sign(state.number() + 1, state.newest(), lost, end, lines);
            var next = state.after(LogBatch.decode(signed.batch()));
            KeyFiles.write(file(next.number()), Json.write(signed).toArray(), OWNER);
            write(next);
            waiting.add(next.number());
        }
    }

    private boolean isFull() {
        return state.number() + 1 >= LogBatch.MOST_OF_CHAIN;
    }

    /// Lines that still find a place, if so many do at this router.
    int room(int atRouter) {
        return isFull() ? Math.max(0, Math.min(atRouter, RouterDesk.MOST - unsigned())) : atRouter;
    }

    /// Of the newest signed batch.
    long number() {
        return state.number();
    }

    /// What the centre has not answered, in order.
    List<SignedBatch> waiting() {
        return waiting.stream().map(this::signed).toList();
    }

    /// Numbers of these, in order.
    List<Long> waitingNumbers() {
        return List.copyOf(waiting);
    }

    SignedBatch signed(long number) {
        return read(file(number));
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
        return waiting.size();
    }

    /// The centre has it.
    void acknowledged(long number) {
        answered(number, TAKEN);
    }

    /// The centre has said no: it stays here, those behind it go on.
    ///
    /// @param code of the refusal
    void refused(long number, String code) {
        answered(number, code);
    }

    private void answered(long number, String code) {
        try {
            Files.move(file(number), copy(number, code), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note the answer to " + file(number), e);
        }
        answered.put(number, code);
        waiting.remove(number);
    }

    /// What the centre refused, with its codes.
    Map<Long, String> refused() {
        var refused = new TreeMap<>(answered);
        refused.values().removeIf(TAKEN::equals);
        return refused;
    }

    /// Signed copies that are kept.
    int copies() {
        return answered.size();
    }

    /// Gives up copies, the oldest first.
    ///
    /// @param taken those that the centre took; else those that it refused, of which there is no other
    /// @return how many
    int drop(int most, boolean taken) {
        var oldest = answered.entrySet().stream()
                .filter(a -> a.getValue().equals(TAKEN) == taken)
                .limit(most)
                .toList();
        oldest.forEach(copy -> {
            delete(copy(copy.getKey(), copy.getValue()));
            answered.remove(copy.getKey());
        });
        return oldest.size();
    }

    /// All was said and answered.
    void finish(Instant now) {
        if (state.done().isEmpty()) {
            write(new State(
                    state.number(),
                    state.newest(),
                    state.lost(),
                    state.closed(),
                    state.lines(),
                    state.open(),
                    Optional.of(now)));
        }
    }

    /// When that was.
    Optional<Instant> finished() {
        return state.done();
    }

    /// Leaves nothing.
    void forget() {
        answered.forEach((number, code) -> delete(copy(number, code)));
        delete(folder.resolve(STATE));
        delete(folder);
    }

    private Path copy(long number, String code) {
        return folder.resolve(number + "." + code + SUFFIX);
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
