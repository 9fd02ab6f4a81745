package org.mizuhiki.trust;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.path.Fault;
import org.mizuhiki.trust.path.Found;
import org.mizuhiki.trust.path.NoPath;
import org.mizuhiki.trust.path.PathSearch;
import org.mizuhiki.trust.path.PermittedNames;
import org.mizuhiki.trust.path.Rules;
import org.mizuhiki.trust.path.StrangeBytes;
import org.mizuhiki.trust.path.Strength;
import org.mizuhiki.trust.path.Use;
import org.mizuhiki.trust.standing.Answers;
import org.mizuhiki.trust.standing.Asking;
import org.mizuhiki.trust.standing.Currency;
import org.mizuhiki.trust.standing.Fetched;
import org.mizuhiki.trust.standing.Shelf;
import org.mizuhiki.trust.standing.Standings;
import org.mizuhiki.trust.standing.Web;

/// Judges certificates of other PKIs: S/MIME of strangers, bridges, cross-certificates. The steps stand in
/// docs/flows/validation.md. Answers with a reason in words; work is bounded whatever a stranger sends.
public final class StrangerCheck implements AutoCloseable {
    /// Certificates, lists and answers that may come along.
    public static final int MOST_BROUGHT = 64;

    private static final long MAX_BYTES = 4L << 20;
    private static final int MOST_LISTS = 16;
    private static final long SHELF_BYTES = 256L << 20;
    private static final int SHELF_FILES = 2000;

    private final Supplier<ForeignRootList> roots;
    private final Clock clock;
    private final Web web;
    private final Fetched fetched;
    private final Standings standings;

    /// @param roots such as [KnownForeignRoots#current]
    /// @param folder for the last answers about revocation; they are what a terminal lives on while offline
    /// @throws IOException the folder cannot be used
    public StrangerCheck(Supplier<ForeignRootList> roots, Freshness freshness, Path folder, Clock clock)
            throws IOException {
        this(roots, freshness, folder, clock, new Web());
    }

    /// The same without a network: nobody is called, what came along and what is kept in the folder has to do.
    ///
    /// @throws IOException the folder cannot be used
    public static StrangerCheck offline(Supplier<ForeignRootList> roots, Freshness freshness, Path folder, Clock clock)
            throws IOException {
        return new StrangerCheck(roots, freshness, folder, clock, Web.away());
    }

    private StrangerCheck(Supplier<ForeignRootList> roots, Freshness freshness, Path folder, Clock clock, Web web)
            throws IOException {
        this.roots = roots;
        this.clock = clock;
        this.web = web;
        this.fetched = new Fetched(web, new Shelf(folder, SHELF_BYTES, SHELF_FILES), clock);
        this.standings =
                new Standings(new Currency(freshness.maxAge(), freshness.clockSkew(), freshness.grace()), clock);
    }

    /// @param at when it was used: the time of a proven stamp, otherwise now. What was revoked later was
    /// good then
    public Verdict check(Stranger stranger, ForeignRoot.Purpose purpose, Instant at) {
        if (stranger.size() > MAX_BYTES
                || stranger.others().size() > MOST_BROUGHT
                || stranger.lists().size() > MOST_LISTS
                || stranger.ocsp().size() > MOST_LISTS) {
            return new Verdict.Refused(new Reason.TooLarge());
        }
        try {
            return judged(stranger, purpose, at);
        } catch (NoPath no) {
            return new Verdict.Refused(FaultReasons.of(no));
        }
    }

    private Verdict judged(Stranger stranger, ForeignRoot.Purpose purpose, Instant at) throws NoPath {
        // 1. bytes
        var own = StrangeBytes.certificate(stranger.certificate(), 0);
        var others = read(stranger.others());
        // 2. roots that count for this purpose, now
        var all = roots.get().roots();
        var trusted = trusted(all, purpose);
        var asked = new HashMap<X509Certificate, Rules>();
        trusted.forEach((root, said) ->
                asked.put(root, Rules.of(use(purpose), Strength.TODAY).demanding(said.policies())));
        // 3. a path, its rules, its names, its standing
        var answers = fetched.with(hosts(trusted), stranger.lists(), stranger.ocsp());
        var basis = new AtomicReference<>(new Standings.Basis(at, false));
        try {
            var found = PathSearch.find(own, others, asked, at, path -> {
                PermittedNames.mustCover(said(trusted, path).domains(), path.own(), use(purpose));
                basis.set(standings.check(asking(path, others, at, answers)));
            });
            // 4. the name that was asked for
            if (stranger.mail().isPresent()
                    && !PermittedNames.isNamed(stranger.mail().get(), found.own())) {
                return new Verdict.Refused(new Reason.OtherAddress());
            }
            var root = said(trusted, found).digest();
            return new Verdict.Accepted(
                    found.path(),
                    root,
                    found.policies(),
                    basis.get().asOf(),
                    basis.get().stale());
        } catch (NoPath no) {
            return new Verdict.Refused(
                    no.fault() == Fault.NO_ROOT ? whyNoRoot(own, others, all, purpose, at) : FaultReasons.of(no));
        }
    }

    private static Asking asking(Found path, List<X509Certificate> others, Instant at, Answers answers) {
        return new Asking(path, others, at, Strength.TODAY, answers);
    }

    private static ForeignRoot said(Map<X509Certificate, ForeignRoot> trusted, Found found) {
        return Objects.requireNonNull(trusted.get(found.anchor()));
    }

    private static List<X509Certificate> read(List<Bytes> all) {
        return all.stream()
                .map(StrangerCheck::readable)
                .flatMap(Optional::stream)
                .toList();
    }

    /// One that cannot be read is left out: it can only be missed, not believed.
    private static Optional<X509Certificate> readable(Bytes der) {
        try {
            return Optional.of(StrangeBytes.certificate(der, NoPath.NOWHERE));
        } catch (NoPath no) {
            return Optional.empty();
        }
    }

    private Map<X509Certificate, ForeignRoot> trusted(List<ForeignRoot> all, ForeignRoot.Purpose purpose) {
        var now = clock.instant();
        var fitting = new HashMap<X509Certificate, ForeignRoot>();
        for (var root : all) {
            if (root.purposes().contains(purpose) && isCurrent(root, now)) {
                fitting.put(root.certificate(), root);
            }
        }
        return fitting;
    }

    private static boolean isCurrent(ForeignRoot root, Instant now) {
        return now.isBefore(root.until())
                && !now.isAfter(root.certificate().getNotAfter().toInstant());
    }

    private static Set<String> hosts(Map<X509Certificate, ForeignRoot> trusted) {
        var all = new HashSet<String>();
        trusted.values().forEach(r -> all.addAll(r.hosts()));
        return all;
    }

    /// The same search to roots that do not count here: what is missing is then the operator's to decide.
    private Reason whyNoRoot(
            X509Certificate own,
            List<X509Certificate> others,
            List<ForeignRoot> all,
            ForeignRoot.Purpose purpose,
            Instant at) {
        var any = new HashMap<X509Certificate, Rules>();
        all.forEach(r -> any.put(r.certificate(), Rules.of(Use.ANY, Strength.ANY)));
        try {
            var anchor = PathSearch.find(own, others, any, at, path -> {}).anchor();
            boolean ended = all.stream()
                    .anyMatch(
                            r -> r.certificate().equals(anchor) && r.purposes().contains(purpose));
            return ended ? new Reason.RootEnded() : new Reason.RootNotForThis();
        } catch (NoPath no) {
            return no.fault() == Fault.TOO_MUCH_WORK ? new Reason.TooMuchWork() : new Reason.NoRoot();
        }
    }

    private static Use use(ForeignRoot.Purpose purpose) {
        return switch (purpose) {
            case MAIL_SIGNING -> Use.MAIL_SIGNING;
            case MAIL_ENCRYPTION -> Use.MAIL_ENCRYPTION;
            case TLS_CLIENT -> Use.TLS_CLIENT;
            case TLS_SERVER -> Use.TLS_SERVER;
        };
    }

    @Override
    public void close() {
        web.close();
    }
}
