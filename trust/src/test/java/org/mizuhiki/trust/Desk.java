package org.mizuhiki.trust;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mizuhiki.house.Bytes;

/// Somebody who has to judge strangers, with a list of foreign roots that a test fills.
final class Desk implements AutoCloseable {
    final TestClock clock;
    final List<ForeignRoot> roots = new ArrayList<>();
    final StrangerCheck check;

    Desk(Path folder, TestClock clock, Freshness freshness) {
        this.clock = clock;
        try {
            this.check =
                    new StrangerCheck(() -> new ForeignRootList(1, Optional.empty(), roots), freshness, folder, clock);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    Desk(Path folder, TestClock clock) {
        this(folder, clock, Freshness.usual());
    }

    Desk trusts(X509Certificate root, Set<String> domains, Set<String> policies) {
        return trusts(root, Set.of(ForeignRoot.Purpose.MAIL_SIGNING), domains, policies, Set.of());
    }

    Desk trusts(X509Certificate root) {
        return trusts(root, Set.of(), Set.of());
    }

    Desk trusts(
            X509Certificate root,
            Set<ForeignRoot.Purpose> purposes,
            Set<String> domains,
            Set<String> policies,
            Set<String> hosts) {
        roots.add(new ForeignRoot(
                root, purposes, domains, policies, hosts, clock.instant().plus(Duration.ofDays(100))));
        return this;
    }

    static Stranger stranger(X509Certificate own, List<X509Certificate> others, List<Bytes> lists) {
        return new Stranger(
                KeyFiles.encoded(own),
                others.stream().map(KeyFiles::encoded).toList(),
                lists,
                List.of(),
                Optional.empty());
    }

    Verdict verdict(Stranger stranger) {
        return check.check(stranger, ForeignRoot.Purpose.MAIL_SIGNING, clock.instant());
    }

    /// `accepted`, or the reason's code without its first word.
    String says(Stranger stranger) {
        return says(verdict(stranger));
    }

    static String says(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accepted a -> a.offline() ? "accepted offline" : "accepted";
            case Verdict.Refused(var reason) -> reason.code().replace("stranger-", "");
        };
    }

    @Override
    public void close() {
        check.close();
    }
}
