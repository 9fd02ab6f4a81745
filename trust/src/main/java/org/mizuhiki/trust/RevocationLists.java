package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.issue.Issuer;

/// The CAs' revocation lists, whole and in parts. Each is signed when it is asked for and something in it
/// changed, or it is an hour old: what nobody asks for costs nothing, and a revocation makes two lists anew,
/// not all.
final class RevocationLists {
    static final Duration LIFE = Duration.ofHours(24);
    private static final Duration RESIGN = Duration.ofHours(1);

    private final Database database;
    private final Clock clock;
    private final Function<String, Signing> signings;
    private final Map<Name, Place> places = new ConcurrentHashMap<>();

    /// @param signings by name of the CA, one that is there
    RevocationLists(Database database, Clock clock, Function<String, Signing> signings) {
        this.database = database;
        this.clock = clock;
        this.signings = signings;
    }

    /// Who signs a CA's lists.
    ///
    /// @param instead name of the CA whose lists these are, if its own key is lost
    record Signing(Issuer issuer, Optional<X509Certificate> instead) {}

    /// @param part absent for the whole list
    private record Name(String ca, Optional<Integer> part) {}

    /// A list as it was signed.
    record Made(Instant at, Bytes der) {
        Instant until() {
            return at.plus(LIFE);
        }
    }

    /// Where one list is kept; locked while it is made, so that it is made once.
    private static final class Place {
        private @Nullable Made made;
    }

    /// @throws org.mizuhiki.house.Refusal `ca-unknown`
    Made whole(String ca) {
        return current(new Name(ca, Optional.empty()));
    }

    /// @throws org.mizuhiki.house.Refusal `ca-unknown` when there is no such part
    Made part(String ca, int part) {
        var signing = signings.apply(ca);
        if (part < 0 || part >= signing.issuer().parts() || signing.instead().isPresent()) {
            throw Revocations.unknown();
        }
        return current(new Name(ca, Optional.of(part)));
    }

    private Made current(Name name) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (!places.containsKey(name)) {
            var _ = signings.apply(name.ca()); // a place for every name that somebody tries would fill the memory
        }
        var place = places.computeIfAbsent(name, n -> new Place());
        synchronized (place) {
            var held = place.made;
            if (held != null && now.isBefore(held.at().plus(RESIGN))) {
                return held;
            }
            var fresh = new Made(now, Bytes.of(sign(name, now)));
            place.made = fresh;
            return fresh;
        }
    }

    private byte[] sign(Name name, Instant now) {
        var signing = signings.apply(name.ca());
        var issuer = signing.issuer();
        return database.inTransaction(rows -> {
            // locks: lists are numbered in the order in which they see the rows
            var number = CertificateRows.nextCrlNumber(
                    rows, name.part().map(p -> name.ca() + "/" + p).orElse(name.ca()));
            if (name.part().isPresent()) {
                int part = name.part().get();
                return issuer.crl(part, number, now, LIFE, to -> CertificateRows.ended(rows, name.ca(), part, to));
            }
            Consumer<Consumer<Issuer.Ended>> all = to -> CertificateRows.ended(rows, name.ca(), to);
            return signing.instead().isPresent()
                    ? issuer.crlOf(signing.instead().get(), name.ca(), number, now, LIFE, all)
                    : issuer.crl(number, now, LIFE, all);
        });
    }

    /// After the transaction in which these were revoked. A list under way waits to be forgotten: it may
    /// have been made before.
    void forget(Collection<CertificateRows.Revoked> revoked) {
        revoked.stream().map(r -> new Name(r.ca(), Optional.empty())).distinct().forEach(this::forget);
        revoked.stream()
                .filter(r -> r.part().isPresent())
                .map(r -> new Name(r.ca(), r.part()))
                .distinct()
                .forEach(this::forget);
    }

    void forgetAll() {
        places.keySet().forEach(this::forget);
    }

    private void forget(Name name) {
        var place = places.get(name);
        if (place != null) {
            synchronized (place) {
                place.made = null;
            }
        }
    }
}
