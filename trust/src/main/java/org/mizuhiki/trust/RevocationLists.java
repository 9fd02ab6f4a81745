package org.mizuhiki.trust;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Function<String, Issuer> issuers;
    private final Map<Name, Place> places = new ConcurrentHashMap<>();

    /// @param issuers by name of the CA, one that is there
    RevocationLists(Database database, Clock clock, Function<String, Issuer> issuers) {
        this.database = database;
        this.clock = clock;
        this.issuers = issuers;
    }

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

    Made whole(String ca) {
        return current(new Name(ca, Optional.empty()));
    }

    /// @throws org.mizuhiki.house.Refusal `ca-unknown` when there is no such part
    Made part(String ca, int part) {
        if (part < 0 || part >= issuers.apply(ca).parts()) {
            throw Revocations.unknown();
        }
        return current(new Name(ca, Optional.of(part)));
    }

    private Made current(Name name) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
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
        var issuer = issuers.apply(name.ca());
        return database.inTransaction(rows -> {
            // locks: lists are numbered in the order in which they see the rows
            if (name.part().isEmpty()) {
                var number = CertificateRows.nextCrlNumber(rows, name.ca());
                return issuer.crl(number, now, LIFE, to -> CertificateRows.ended(rows, name.ca(), to));
            }
            int part = name.part().get();
            var number = CertificateRows.nextCrlNumber(rows, name.ca() + "/" + part);
            return issuer.crl(part, number, now, LIFE, to -> CertificateRows.ended(rows, name.ca(), part, to));
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

    void forgetWhole(String ca) {
        forget(new Name(ca, Optional.empty()));
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
