package org.mizuhiki.router;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.centre.RouterDesk;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.RouterSide;
import org.mizuhiki.vpn.Verdict;
import org.mizuhiki.wire.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a router knows after a crash: `order` with number and digest of the last order that it carried out,
/// and `connections/<connection>.json` for each that it agreed to. A connection's file outlives its end as
/// long as its information could be sent again. No secret is among it: PPKs are sealed to a key that lives
/// in memory.
final class Kept {
    private static final Logger LOG = LoggerFactory.getLogger(Kept.class);
    private static final String OWNER = "rw-------";

    private final Path order;
    private final Path folder;
    private final Map<String, Line> lines = new HashMap<>();

    /// @param agreed absent from its end on
    /// @param untold reason of an end of which the centre has not heard yet
    private record Line(RouterSide.Known known, Optional<Agreed> agreed, Optional<String> untold) {}

    private record Agreed(Bytes information, Bytes own, Bytes partner, Bytes partnersCa) {}

    Kept(Path folder) {
        this.order = folder.resolve("order");
        this.folder = folder.resolve("connections");
        try {
            Files.createDirectories(this.folder);
            try (Stream<Path> files = Files.list(this.folder)) {
                files.filter(f -> f.toString().endsWith(".json")).forEach(this::read);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
    }

    private void read(Path file) {
        try {
            var name = file.getFileName().toString();
            lines.put(name.substring(0, name.length() - ".json".length()), Json.read(bytes(file), Line.class));
        } catch (Refusal e) {
            // what cannot be read is not agreed to: its tunnel gets no passage and ends
            LOG.error("{} cannot be read, its connection ends: {}", file, e.getMessage());
        }
    }

    private static Bytes bytes(Path file) {
        try {
            return Bytes.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /// The last order that was carried out.
    RouterDesk.Done last() {
        try {
            return Files.exists(order) ? Json.read(bytes(order), RouterDesk.Done.class) : RouterDesk.Done.NOTHING;
        } catch (Refusal e) {
            // all that waits at the centre comes again, and nothing is built twice
            LOG.error("{} cannot be read: {}", order, e.getMessage());
            return RouterDesk.Done.NOTHING;
        }
    }

    void done(RouterDesk.Done last) {
        KeyFiles.write(order, Json.write(last).toArray(), OWNER);
    }

    /// Before anything of it is built.
    synchronized void keep(Accepted accepted) {
        var information = accepted.information();
        var agreed = new Agreed(information.encode(), accepted.own(), accepted.partner(), accepted.partnersCa());
        write(
                information.connection(),
                new Line(RouterSide.Known.of(information), Optional.of(agreed), Optional.empty()));
    }

    /// @param untold why it ended, if the centre is to hear it from us
    synchronized void ended(String connection, Optional<String> untold) {
        Optional.ofNullable(lines.get(connection))
                .ifPresent(l -> write(connection, new Line(l.known(), Optional.empty(), untold)));
    }

    private void write(String connection, Line line) {
        KeyFiles.write(file(connection), Json.write(line).toArray(), OWNER);
        lines.put(connection, line);
    }

    private Path file(String connection) {
        return folder.resolve(connection + ".json");
    }

    /// The newest serial of each connection; of one that has ended no serial is newer.
    synchronized Map<String, RouterSide.Known> known() {
        var known = new HashMap<String, RouterSide.Known>();
        lines.forEach(
                (connection, line) -> known.put(connection, line.agreed().isPresent() ? line.known() : ended(line)));
        return known;
    }

    private static RouterSide.Known ended(Line line) {
        return new RouterSide.Known(
                Long.MAX_VALUE, line.known().since(), line.known().until());
    }

    /// Ends that the centre has not heard of, with their reasons.
    synchronized Map<String, String> untold() {
        var untold = new HashMap<String, String>();
        lines.forEach((connection, line) -> line.untold().ifPresent(why -> untold.put(connection, why)));
        return untold;
    }

    /// What was agreed to when this program last ran. What does not hold any more has ended: one that could
    /// not be taken over must not keep the router from starting.
    synchronized List<Accepted> agreed(Member.Service self) {
        var all = new ArrayList<Accepted>();
        for (var line : Map.copyOf(lines).entrySet()) {
            try {
                line.getValue().agreed().flatMap(a -> accepted(a, self)).ifPresent(accepted -> {
                    accepted.passage();
                    all.add(accepted);
                });
            } catch (Refusal e) {
                LOG.error("connection {} cannot be taken over and ends: {}", line.getKey(), e.getMessage());
                ended(line.getKey(), Optional.of("not-taken-over"));
            }
        }
        return List.copyOf(all);
    }

    private static Optional<Accepted> accepted(Agreed agreed, Member.Service self) {
        var information = ConnectionInformation.decode(agreed.information());
        return information
                .end(self)
                .map(own -> new Accepted(
                        new Verdict.Good(information, own, information.partner(self)),
                        agreed.own(),
                        agreed.partner(),
                        agreed.partnersCa()));
    }

    /// Forgets what is over and could not be sent again with any effect.
    synchronized void tidy(Instant now) {
        lines.entrySet().removeIf(e -> {
            var line = e.getValue();
            boolean over = line.agreed().isEmpty()
                    && line.untold().isEmpty()
                    && now.isAfter(line.known().until().plus(RouterSide.CLOCKS));
            if (over) {
                delete(file(e.getKey()));
            }
            return over;
        });
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted: {}", file, e.toString());
        }
    }
}
