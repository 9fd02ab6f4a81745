package org.mizuhiki.trust.standing;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mizuhiki.trust.path.Found;
import org.mizuhiki.trust.path.Strength;
import org.mizuhiki.trust.path.Work;

/// One question: does every certificate of this path stand?
///
/// @param others certificates that came along, among them those of signers of lists
/// @param at the time that counts: what was revoked later was good then
/// @param work what may still be spent
/// @param underWay signers of lists whose own standing is being asked: one that lists itself ends there
public record Asking(
        Found found,
        Collection<X509Certificate> others,
        Instant at,
        Strength strength,
        Answers answers,
        Work work,
        Set<X509Certificate> underWay) {
    private static final int DEEPEST = 4;
    private static final int MOST_CHECKS = 600;

    public Asking {
        others = List.copyOf(others);
        underWay = Set.copyOf(underWay);
    }

    public Asking(Found found, Collection<X509Certificate> others, Instant at, Strength strength, Answers answers) {
        this(found, others, at, strength, answers, new Work(MOST_CHECKS), Set.of());
    }

    Asking about(Found signer) {
        var more = new HashSet<>(underWay);
        more.add(signer.own());
        return new Asking(signer, others, at, strength, answers, work, more);
    }

    boolean isTooDeep() {
        return underWay.size() >= DEEPEST;
    }
}
