package org.mizuhiki.trust.standing;

import static org.mizuhiki.trust.standing.Currency.Age;

import java.math.BigInteger;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CRLReason;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.trust.path.NoPath;
import org.mizuhiki.trust.path.PathSearch;
import org.mizuhiki.trust.path.Rules;
import org.mizuhiki.trust.path.Use;
import org.mizuhiki.trust.path.Work;

/// RFC 5280, 6.3.3: what revocation lists say of one certificate. Full, delta, indirect, partitioned by
/// point, kind or reason. The JDK's own check knows no delta lists, no limit of age and no past time.
final class Lists {
    private static final int REMOVED = 8;

    private final Currency currency;
    private final Clock clock;
    private final ReadLists reading = new ReadLists();
    private final Standing signers;

    /// Asks the same of a signer's own path.
    interface Standing {
        Standings.Basis check(Asking asking) throws NoPath;
    }

    Lists(Currency currency, Clock clock, Standing signers) {
        this.currency = currency;
        this.clock = clock;
        this.signers = signers;
    }

    /// What has been gathered so far.
    private static final class Sum {
        int reasons;
        boolean stale;
        boolean old;
        Instant asOf = Instant.MAX;
        Optional<Said.Revoked> revoked = Optional.empty();

        boolean isComplete() {
            return revoked.isPresent() || reasons == Point.ALL_REASONS;
        }
    }

    /// @param place of the certificate in the path
    Said of(int place, Asking asking) throws NoPath {
        var certificate = asking.found().path().get(place);
        var sum = new Sum();
        for (var point : Point.of(certificate)) {
            if (!sum.isComplete()) {
                ask(point, place, asking, sum);
            }
        }
        if (sum.revoked.isPresent()) {
            return sum.revoked.get();
        }
        if (sum.reasons == Point.ALL_REASONS) {
            return new Said.Good(sum.asOf, sum.stale);
        }
        return sum.old ? new Said.Old() : new Said.Unknown();
    }

    private void ask(Point point, int place, Asking asking, Sum sum) throws NoPath {
        var certificate = asking.found().path().get(place);
        var at = new ArrayList<URI>(point.uris());
        if (!point.implied()) {
            at.addAll(Point.freshest(certificate));
        }
        for (var issuer : point.listIssuers(certificate)) {
            var all = asking.answers().lists(issuer, at).stream()
                    .map(reading::of)
                    .flatMap(Optional::stream)
                    .filter(l -> point.isToldBy(l, certificate))
                    .sorted(Comparator.comparing(ReadList::thisUpdate).reversed())
                    .toList();
            for (var list : all) {
                if (!list.isDelta() && !sum.isComplete()) {
                    take(list, all, point, place, asking, sum);
                }
            }
        }
    }

    private void take(ReadList list, List<ReadList> all, Point point, int place, Asking asking, Sum sum) throws NoPath {
        var certificate = asking.found().path().get(place);
        int told = point.reasonsOf(list);
        if ((told & ~sum.reasons) == 0 || isAfterTheEnd(list, certificate)) {
            return;
        }
        var key = signer(list, place, asking);
        if (key.isEmpty()) {
            return;
        }
        asking.answers().believed(list.der(), list.thisUpdate());
        var age = age(list);
        var delta = delta(list, all, key.get(), asking.work());
        delta.ifPresent(d -> asking.answers().believed(d.der(), d.thisUpdate()));
        var entry = entry(list, delta, certificate);
        if (entry.isPresent() && !revokedAt(entry.get()).isAfter(asking.at())) {
            // however old the list is: what was revoked once stays so
            sum.revoked = Optional.of(new Said.Revoked(revokedAt(entry.get()), reason(entry.get())));
        } else if (age == Age.USELESS) {
            sum.old = true;
        } else {
            sum.reasons |= told;
            sum.stale |= age == Age.STALE;
            var made = list.thisUpdate();
            sum.asOf = made.isBefore(sum.asOf) ? made : sum.asOf;
        }
    }

    private Age age(ReadList list) {
        return currency.of(list.thisUpdate(), list.nextUpdate(), clock.instant());
    }

    /// Lists forget certificates that have expired (RFC 5280, 3.3): a later one proves nothing.
    private static boolean isAfterTheEnd(ReadList list, X509Certificate certificate) {
        return list.thisUpdate().isAfter(certificate.getNotAfter().toInstant());
    }

    /// The newest that fits, signed by the same key (RFC 5280, 6.3.3, c and h).
    private Optional<ReadList> delta(ReadList list, List<ReadList> all, PublicKey key, Work work) throws NoPath {
        var fitting = all.stream()
                .filter(list::mayTake)
                .filter(d -> age(d) != Age.USELESS)
                .sorted(Comparator.comparing((ReadList d) -> d.number().orElse(BigInteger.ZERO))
                        .reversed())
                .toList();
        for (var newest : fitting) {
            if (verifies(newest, key, work)) {
                return Optional.of(newest);
            }
        }
        return Optional.empty();
    }

    private static Optional<X509CRLEntry> entry(ReadList list, Optional<ReadList> delta, X509Certificate certificate) {
        var newer = delta.map(d -> d.crl().getRevokedCertificate(certificate));
        if (newer.isPresent()) {
            return newer.filter(e -> reason(e) != REMOVED);
        }
        return Optional.ofNullable(list.crl().getRevokedCertificate(certificate));
    }

    private static Instant revokedAt(X509CRLEntry entry) {
        return entry.getRevocationDate().toInstant();
    }

    private static int reason(X509CRLEntry entry) {
        return Optional.ofNullable(entry.getRevocationReason())
                .map(r -> List.of(CRLReason.values()).indexOf(r)) // the JDK lists them by their numbers
                .orElse(0);
    }

    /// Who may sign this list: the issuer on the path by its own key, or somebody of the list's name with a
    /// path of its own to the same anchor (RFC 5280, 6.3.3, f).
    private Optional<PublicKey> signer(ReadList list, int place, Asking asking) throws NoPath {
        var name = list.crl().getIssuerX500Principal();
        if (!asking.strength().carries(list.crl())) {
            return Optional.empty();
        }
        var issuer = asking.found().issuer(place);
        if (issuer.getSubjectX500Principal().equals(name)
                && maySign(issuer)
                && verifies(list, asking.found().issuerKey(place), asking.work())) {
            return Optional.of(asking.found().issuerKey(place));
        }
        var candidates = new ArrayList<>(asking.others());
        candidates.addAll(asking.found().path());
        candidates.add(asking.found().anchor());
        for (var candidate : candidates) {
            if (candidate.getSubjectX500Principal().equals(name)
                    && maySign(candidate)
                    && verifies(list, candidate.getPublicKey(), asking.work())
                    && stands(candidate, asking)) {
                return Optional.of(candidate.getPublicKey());
            }
        }
        return Optional.empty();
    }

    private boolean stands(X509Certificate signer, Asking asking) throws NoPath {
        if (signer.equals(asking.found().anchor()) || asking.underWay().contains(signer)) {
            return true;
        }
        if (asking.isTooDeep()) {
            return false;
        }
        asking.work().spend(Work.SEARCH);
        try {
            var rules = Rules.of(Use.REVOCATION_LISTS, asking.strength());
            PathSearch.find(
                    signer,
                    asking.others(),
                    Map.of(asking.found().anchor(), rules),
                    clock.instant(),
                    found -> signers.check(asking.about(found)));
            return true;
        } catch (NoPath no) {
            if (no.fault() == org.mizuhiki.trust.path.Fault.TOO_MUCH_WORK) {
                throw no;
            }
            return false;
        }
    }

    private static boolean maySign(X509Certificate certificate) {
        var usage = certificate.getKeyUsage();
        return usage == null || usage[6];
    }

    private static boolean verifies(ReadList list, PublicKey key, Work work) throws NoPath {
        work.spend(1);
        try {
            list.crl().verify(key);
            return true;
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }
}
