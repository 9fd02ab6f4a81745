package org.mizuhiki.trust.standing;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.security.auth.x500.X500Principal;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.trust.path.StrangeBytes;

/// Answers from the network, now and then, and from the shelf when it is away. One of these lives as long
/// as its process; each question gets a view of it with its own limit of fetches.
public final class Fetched {
    private static final Duration PAUSE = Duration.ofMinutes(10);
    private static final Duration RETRY = Duration.ofSeconds(30);
    private static final int MOST_FETCHES = 12;
    private static final int MOST_REMEMBERED = 256;
    private static final long MOST_BYTES = 64L << 20;

    private final Web web;
    private final Shelf shelf;
    private final Clock clock;
    private final LinkedHashMap<Digest, Last> remembered = new LinkedHashMap<>(16, 0.75f, true);

    private record Last(Instant next, Optional<Bytes> answer) {
        int size() {
            return answer.map(Bytes::size).orElse(0);
        }
    }

    public Fetched(Web web, Shelf shelf, Clock clock) {
        this.web = web;
        this.shelf = shelf;
        this.clock = clock;
    }

    /// For one question.
    ///
    /// @param hosts that may be asked
    /// @param broughtLists what the stranger sent along
    public Answers with(Set<String> hosts, List<Bytes> broughtLists, List<Bytes> broughtOcsp) {
        return new View(hosts, broughtLists, broughtOcsp);
    }

    private final class View implements Answers {
        private final Set<String> hosts;
        private final List<Bytes> broughtLists;
        private final List<Bytes> broughtOcsp;
        private final Map<Bytes, Digest> from = new java.util.HashMap<>();
        private int fetches;

        View(Set<String> hosts, List<Bytes> broughtLists, List<Bytes> broughtOcsp) {
            this.hosts = Set.copyOf(hosts);
            this.broughtLists = List.copyOf(broughtLists);
            this.broughtOcsp = List.copyOf(broughtOcsp);
        }

        @Override
        public List<Bytes> lists(X500Principal issuer, List<URI> at) {
            var all = new ArrayList<>(broughtLists);
            for (var uri : at) {
                var source = Bytes.utf8("list " + uri).sha256();
                add(all, source, StrangeBytes.MAX_CRL, uri, () -> web.get(uri, StrangeBytes.MAX_CRL));
            }
            return all;
        }

        @Override
        public List<Bytes> ocsp(List<URI> at, Supplier<Bytes> request) {
            var all = new ArrayList<>(broughtOcsp);
            for (var uri : at.stream().filter(u -> Web.isAllowed(u, hosts)).toList()) {
                var asked = request.get();
                var source = Bytes.utf8("ocsp " + uri + " " + asked.asHex()).sha256();
                add(all, source, Ocsp.MAX_ANSWER, uri, () -> web.post(uri, asked, Ocsp.MAX_ANSWER));
            }
            return all;
        }

        private void add(List<Bytes> all, Digest source, int largest, URI uri, Supplier<Optional<Bytes>> fetch) {
            if (!Web.isAllowed(uri, hosts)) {
                return;
            }
            fresh(source, fetch).ifPresent(answer -> take(all, source, answer));
            shelf.find(source, largest).ifPresent(answer -> take(all, source, answer));
        }

        private void take(List<Bytes> all, Digest source, Bytes answer) {
            from.put(answer, source);
            if (!all.contains(answer)) {
                all.add(answer);
            }
        }

        private Optional<Bytes> fresh(Digest source, Supplier<Optional<Bytes>> fetch) {
            var now = clock.instant();
            var last = last(source);
            if (last.isPresent() && now.isBefore(last.get().next())) {
                return last.get().answer();
            }
            if (++fetches > MOST_FETCHES) {
                return Optional.empty();
            }
            var answer = fetch.get();
            remember(source, new Last(now.plus(answer.isPresent() ? PAUSE : RETRY), answer));
            return answer;
        }

        @Override
        public void believed(Bytes answer, Instant made) {
            var source = from.get(answer);
            if (source != null) {
                shelf.keep(source, answer, made);
            }
        }
    }

    private synchronized Optional<Last> last(Digest source) {
        return Optional.ofNullable(remembered.get(source));
    }

    private synchronized void remember(Digest source, Last last) {
        remembered.put(source, last);
        long bytes = remembered.values().stream().mapToLong(Last::size).sum();
        var eldest = remembered.entrySet().iterator();
        while ((bytes > MOST_BYTES || remembered.size() > MOST_REMEMBERED) && remembered.size() > 1) {
            bytes -= Objects.requireNonNull(eldest.next().getValue()).size();
            eldest.remove();
        }
    }
}
