package org.mizuhiki.trust.path;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/// Builds paths from a certificate up to an anchor through bridges and cross-certificates (RFC 4158), depth
/// first, likeliest issuer first. The JDK builds paths too, but without a limit on its work: a mesh of
/// cross-certificates, which any sender can make, keeps it busy for ever. Here every signature check and
/// every path tried is counted, and the limit is a clear no.
public final class PathSearch {
    /// Certificates below the anchor.
    public static final int LONGEST = 10;

    private static final int MOST_CHECKS = 300;
    private static final int MOST_PATHS = 32;

    private final Map<X500Principal, List<X509Certificate>> bySubject = new HashMap<>();
    private final Map<X500Principal, List<X509Certificate>> anchors = new HashMap<>();
    private final Map<X509Certificate, Rules> rules;
    private final Instant at;
    private final Test test;
    private final Map<Edge, Boolean> checked = new HashMap<>();
    private final Deque<X509Certificate> path = new ArrayDeque<>();
    private int checks;
    private int paths;
    private @Nullable NoPath first;
    private boolean forged;

    private record Edge(X509Certificate certificate, PublicKey issuer) {}

    /// What a path must pass beyond RFC 5280, 6.1, such as revocation. Another path is tried if it fails.
    @FunctionalInterface
    public interface Test {
        void pass(Found found) throws NoPath;
    }

    private PathSearch(Collection<X509Certificate> others, Map<X509Certificate, Rules> roots, Instant at, Test test) {
        others.forEach(c -> put(bySubject, c));
        roots.keySet().forEach(c -> put(anchors, c));
        this.rules = Map.copyOf(roots);
        this.at = at;
        this.test = test;
    }

    private static void put(Map<X500Principal, List<X509Certificate>> into, X509Certificate c) {
        var same = into.computeIfAbsent(c.getSubjectX500Principal(), k -> new ArrayList<>());
        if (!same.contains(c)) {
            same.add(c);
        }
    }

    /// @param others certificates of CAs that may lie between, in any order, believed in nothing
    /// @param roots what is asked of a path to each anchor
    /// @throws NoPath the fault of the likeliest path, or `TOO_MUCH_WORK`
    public static Found find(
            X509Certificate own,
            Collection<X509Certificate> others,
            Map<X509Certificate, Rules> roots,
            Instant at,
            Test test)
            throws NoPath {
        return new PathSearch(others, roots, at, test).find(own);
    }

    private Found find(X509Certificate own) throws NoPath {
        path.addLast(own);
        var found = upwards(own);
        if (found.isPresent()) {
            return found.get();
        }
        if (first != null) {
            throw first;
        }
        throw NoPath.because(forged ? Fault.SIGNATURE : Fault.NO_ROOT);
    }

    private Optional<Found> upwards(X509Certificate last) throws NoPath {
        var issuer = last.getIssuerX500Principal();
        for (var anchor : likeliest(last, anchors.getOrDefault(issuer, List.of()))) {
            if (signed(last, anchor)) {
                var found = tried(anchor);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        if (path.size() == LONGEST) {
            return Optional.empty();
        }
        for (var ca : likeliest(last, bySubject.getOrDefault(issuer, List.of()))) {
            // the same name with the same key again is a circle (RFC 4158, 2.4.2)
            if (!isOnPath(ca) && signed(last, ca)) {
                path.addLast(ca);
                var found = upwards(ca);
                path.removeLast();
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Found> tried(X509Certificate anchor) throws NoPath {
        if (++paths > MOST_PATHS) {
            throw NoPath.because(Fault.TOO_MUCH_WORK);
        }
        try {
            var found = PathRules.hold(List.copyOf(path), anchor, Objects.requireNonNull(rules.get(anchor)), at);
            test.pass(found);
            return Optional.of(found);
        } catch (NoPath no) {
            if (no.fault() == Fault.TOO_MUCH_WORK) {
                throw no;
            }
            first = first == null ? no : first;
            return Optional.empty();
        }
    }

    private boolean isOnPath(X509Certificate ca) {
        return path.stream()
                .anyMatch(c -> c.equals(ca)
                        || (c.getPublicKey().equals(ca.getPublicKey())
                                && c.getSubjectX500Principal().equals(ca.getSubjectX500Principal())));
    }

    /// Signatures are checked while building: otherwise anybody could hang thousands of dead branches under
    /// one name.
    private boolean signed(X509Certificate certificate, X509Certificate issuer) throws NoPath {
        var edge = new Edge(certificate, issuer.getPublicKey());
        var known = checked.get(edge);
        if (known != null) {
            return known;
        }
        if (++checks > MOST_CHECKS) {
            throw NoPath.because(Fault.TOO_MUCH_WORK);
        }
        boolean good = verifies(certificate, issuer.getPublicKey());
        forged |= !good;
        checked.put(edge, good);
        return good;
    }

    private static boolean verifies(X509Certificate certificate, PublicKey key) {
        try {
            certificate.verify(key);
            return true;
        } catch (InvalidKeyException e) {
            // a DSA key without parameters inherits them (RFC 3279, 2.3.2): the rules judge it
            return key instanceof java.security.interfaces.DSAKey d && d.getParams() == null;
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    private List<X509Certificate> likeliest(X509Certificate below, List<X509Certificate> issuers) {
        if (issuers.size() < 2) {
            return issuers;
        }
        var wanted = KeyNames.authority(below);
        return issuers.stream()
                .sorted(Comparator.<X509Certificate>comparingInt(
                                c -> wanted.isPresent() && wanted.equals(KeyNames.own(c)) ? 0 : 1)
                        .thenComparingInt(c -> at.isBefore(c.getNotBefore().toInstant())
                                        || at.isAfter(c.getNotAfter().toInstant())
                                ? 1
                                : 0))
                .toList();
    }
}
