package org.mizuhiki.router;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.Approval;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.Declarations.Said;
import org.mizuhiki.vpn.MaintenanceAgreement;
import org.mizuhiki.vpn.MaintenanceContract;
import org.mizuhiki.vpn.MaintenancePapers;
import org.mizuhiki.vpn.MaintenanceWork;
import org.mizuhiki.vpn.Membership;
import org.mizuhiki.vpn.Side;
import org.mizuhiki.vpn.SubscriberPolicy;
import org.mizuhiki.vpn.UniformPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What counts at this router: the provider's policy and its word about who is in a group, the own side's
/// policy and approvals, and both sides' words about remote maintenance, each the latest of those that ever
/// came, with its signature checked here. In the folder: each as it was signed, under the name of what it is.
/// Whoever brings them can neither make one nor bring an older one back. What cannot be checked just now waits
/// there, too: its order never comes again.
final class Papers {
    private static final Logger LOG = LoggerFactory.getLogger(Papers.class);
    private static final int MOST = 500;

    /// Of one institution: however many contracts a partner in wrong hands signs, others' find room.
    private static final int MOST_OF_ONE = 100;
    /// Routers and groups, this router's partners of more than a year among them. None is forgotten for
    /// another: that one was taken out must not be pushed aside by words about strangers.
    private static final int MOST_MEMBERSHIPS = 4_000;

    /// Lists or clock of this router are not good enough to tell, and will be. Nothing that a paper says of
    /// itself: a forged one would wait for ever.
    private static final Set<String> LATER = Set.of("revocation-unknown", "declaration-early");

    /// Delivered, and not checked yet.
    private static final int MOST_WAITING = 300;
    private static final int MOST_WAITING_BYTES = 4 << 20;
    private static final Duration LONGEST_WAITING = Duration.ofDays(31);

    private static final String WAITING = "waiting-";
    private static final String UNIFORM = "uniform";
    private static final String POLICY = "policy";

    private final Path folder;
    private final Function<Bytes, Said<Declaration>> check;
    private final InstitutionCode provider;
    private final Member.Service self;
    private final Map<String, Said<Declaration>> latest = new HashMap<>();

    /// By the name of its file. Kept ones come first: a delivered one must not take the place of what nobody has read.
    private final Map<String, Bytes> unread =
            new TreeMap<>(Comparator.comparing(Papers::isWaiting).thenComparing(Comparator.naturalOrder()));

    /// What became of a paper.
    private enum Read {
        DONE,
        LATER
    }

    /// @param check signature, stamp, signer and time ([org.mizuhiki.vpn.Declarations#check])
    /// @param provider whose uniform policy counts
    Papers(Path folder, Function<Bytes, Said<Declaration>> check, InstitutionCode provider, Member.Service self) {
        this.folder = folder;
        this.check = check;
        this.provider = provider;
        this.self = self;
        try {
            Files.createDirectories(folder);
            try (Stream<Path> files = Files.list(folder)) {
                for (var file :
                        files.filter(f -> !f.toString().endsWith(".draft")).toList()) {
                    unread.put(String.valueOf(file.getFileName()), Bytes.of(Files.readAllBytes(file)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
        readKept();
    }

    /// Takes what is newer than what is here; what does not hold is left aside and said so. On disk when this
    /// returns, also what waits.
    synchronized void take(List<Bytes> papers) {
        readKept();
        papers.stream().filter(p -> take(p, true) == Read.LATER).forEach(this::wait);
    }

    /// What was kept or waits is checked again, as soon as that is possible: without lists that are new enough
    /// nobody can say whether a signer stood. Until then an older one does not take its place.
    synchronized void readKept() {
        for (var paper : List.copyOf(unread.entrySet())) {
            boolean waiting = isWaiting(paper.getKey());
            if (!waiting) {
                unread.remove(paper.getKey());
            }
            if (take(paper.getValue(), waiting) == Read.LATER) {
                unread.put(paper.getKey(), paper.getValue());
            } else if (waiting) {
                unread.remove(paper.getKey());
                delete(paper.getKey());
            }
        }
    }

    private static boolean isWaiting(String file) {
        return file.startsWith(WAITING);
    }

    /// Bounded for the day on which the centre is in wrong hands, and for those after it.
    private void wait(Bytes signed) {
        var file = WAITING + signed.sha256().hex();
        if (unread.containsKey(file)) {
            return;
        }
        var others = unread.entrySet().stream()
                .filter(e -> isWaiting(e.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        if (others.size() >= MOST_WAITING
                || others.stream().mapToInt(Bytes::size).sum() + signed.size() > MOST_WAITING_BYTES) {
            LOG.error("no room for another paper that cannot be checked yet, it is left aside; {} wait", others.size());
            return;
        }
        KeyFiles.write(folder.resolve(file), signed.toArray(), "rw-------");
        unread.put(file, signed);
    }

    private Read take(Bytes signed, boolean keep) {
        if (latest.values().stream().anyMatch(s -> s.signed().equals(signed))) {
            return Read.DONE;
        }
        try {
            var said = check.apply(signed);
            var place = place(said.declaration());
            if (keep && place.filter(unread::containsKey).isPresent()) {
                return Read.LATER;
            }
            if (place.isPresent() && isNewer(said.declaration(), place.get())) {
                if (keep) {
                    KeyFiles.write(folder.resolve(place.get()), signed.toArray(), "rw-------");
                }
                latest.put(place.get(), said);
            }
            return Read.DONE;
        } catch (Refusal e) {
            boolean later = LATER.contains(e.code());
            LOG.warn("a paper does not hold {}: {}", later ? "yet and waits" : "and is left aside", e.getMessage());
            return later ? Read.LATER : Read.DONE;
        }
    }

    /// Nothing for what is not this router's, or not by whom it should be.
    private Optional<String> place(Declaration declaration) {
        return switch (declaration) {
            case UniformPolicy u -> Optional.of(UNIFORM).filter(_ -> u.by().equals(provider));
            case SubscriberPolicy p ->
                Optional.of(POLICY).filter(_ -> isOurs(p) && p.router().equals(self));
            case Approval a -> one("approval", a).filter(_ -> isOurs(a));
            // remote maintenance takes both sides' words
            case MaintenanceAgreement a -> one("agreement", a).filter(_ -> isAbout(a.contract()));
            case MaintenanceWork w ->
                one("work", w).filter(_ -> isOurs(w) || w.accessPoint().equals(self));
            case Membership m ->
                Optional.of(named("membership", m))
                        .filter(place -> m.by().equals(provider) && (latest.containsKey(place) || hasRoomForMembers()));
        };
    }

    private boolean hasRoomForMembers() {
        boolean has = all(Membership.class).size() < MOST_MEMBERSHIPS;
        if (!has) {
            LOG.error("no room for another membership, what needs it is refused; {} are kept", MOST_MEMBERSHIPS);
        }
        return has;
    }

    private static String named(String kind, Declaration declaration) {
        var about = Bytes.utf8(declaration.by() + " " + declaration.subject());
        return kind + "-" + about.sha256().hex();
    }

    /// One of many, as long as there is room.
    private Optional<String> one(String kind, Declaration declaration) {
        return Optional.of(named(kind, declaration)).filter(place -> latest.containsKey(place) || hasRoom(declaration));
    }

    private boolean hasRoom(Declaration declaration) {
        return latest.size() - all(Membership.class).size() < MOST
                && (isOurs(declaration)
                        || latest.values().stream()
                                        .filter(s -> s.declaration().by().equals(declaration.by()))
                                        .count()
                                < MOST_OF_ONE);
    }

    private boolean isAbout(MaintenanceContract contract) {
        return contract.customer().router().equals(self)
                || contract.maintainer().router().equals(self);
    }

    private boolean isOurs(Declaration declaration) {
        return declaration.by().value().equals(self.subscriber());
    }

    private boolean isNewer(Declaration declaration, String place) {
        var before = latest.get(place);
        return before == null || declaration.at().isAfter(before.declaration().at());
    }

    synchronized Optional<Said<UniformPolicy>> uniform() {
        return Optional.ofNullable(latest.get(UNIFORM)).map(s -> s.as(UniformPolicy.class));
    }

    synchronized Optional<Side.SaidPolicy> policy() {
        return Optional.ofNullable(latest.get(POLICY))
                .map(s -> s.as(SubscriberPolicy.class))
                .map(s -> new Side.SaidPolicy(s.declaration(), s.id()));
    }

    synchronized List<Membership> memberships() {
        return all(Membership.class);
    }

    synchronized List<Approval> approvals() {
        return all(Approval.class);
    }

    synchronized MaintenancePapers maintenance() {
        return new MaintenancePapers(all(MaintenanceAgreement.class), all(MaintenanceWork.class));
    }

    private <D extends Declaration> List<D> all(Class<D> kind) {
        return latest.values().stream()
                .map(Said::declaration)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    /// Forgets what is over and cannot be brought back by an older word about the same.
    synchronized void tidy(Instant now) {
        unread.keySet().removeIf(file -> {
            boolean over = isWaiting(file) && written(file, now).isBefore(now.minus(LONGEST_WAITING));
            if (over) {
                LOG.error("a paper could not be checked for {} and is given up", LONGEST_WAITING);
                delete(file);
            }
            return over;
        });
        latest.entrySet().removeIf(e -> {
            var declaration = e.getValue().declaration();
            boolean over = !now.isBefore(forgotten(declaration));
            if (over) {
                delete(e.getKey());
            }
            return over;
        });
    }

    private Instant written(String file, Instant unknown) {
        try {
            return Files.getLastModifiedTime(folder.resolve(file)).toInstant();
        } catch (IOException e) {
            return unknown;
        }
    }

    private void delete(String file) {
        try {
            Files.deleteIfExists(folder.resolve(file));
        } catch (IOException e) {
            LOG.warn("{} could not be deleted: {}", file, e.toString());
        }
    }

    private static Instant forgotten(Declaration declaration) {
        return switch (declaration) {
            // without any, a later one could be kept away
            case UniformPolicy _, SubscriberPolicy _ -> Instant.MAX;
            // what was said before a withdrawal is over by then, too
            case Membership m -> m.at().plus(Membership.LONGEST);
            case MaintenanceAgreement a -> later(a.until(), a.at().plus(Membership.LONGEST));
            case Approval a -> later(a.until(), a.at().plus(Approval.LONGEST));
            case MaintenanceWork w -> later(w.until(), w.at().plus(MaintenanceWork.LONGEST));
        };
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
