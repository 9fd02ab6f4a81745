package org.mizuhiki.trust;

import java.time.Instant;
import java.util.Optional;
import org.mizuhiki.house.Refusal;

/// Why a stranger's certificate is not believed, in words that somebody at a reception desk can pass on.
/// Names nobody: these words end up in logs.
public sealed interface Reason {
    /// It does not lead to anybody whom this region trusts.
    sealed interface NotTrusted extends Reason {}

    /// It does, and it or a CA between may not do this, or not any longer.
    sealed interface NotAllowed extends Reason {}

    /// @param place 0 is the stranger's own certificate, 1 the CA above it; less than 0: not known
    record Malformed(int place) implements NotTrusted {}

    record TooLarge() implements NotTrusted {}

    /// A mesh of certificates, or heaps of lists: more than any honest sender needs.
    record TooMuchWork() implements NotTrusted {}

    record NoRoot() implements NotTrusted {}

    /// The path is there, and its root is trusted for something else.
    record RootNotForThis() implements NotTrusted {}

    record RootEnded() implements NotTrusted {}

    record SignatureWrong() implements NotTrusted {}

    record NotYetValid(int place) implements NotTrusted {}

    record Expired(int place) implements NotTrusted {}

    record TooWeak(int place, String algorithm) implements NotTrusted {}

    record UnknownExtension(int place) implements NotAllowed {}

    record NotACa(int place) implements NotAllowed {}

    record PathTooLong() implements NotAllowed {}

    record WrongUse(int place) implements NotAllowed {}

    record NameNotPermitted(int place) implements NotAllowed {}

    record PolicyNotMet() implements NotAllowed {}

    record Revoked(int place, Optional<Instant> at) implements NotAllowed {}

    record StandingUnknown(int place) implements NotAllowed {}

    record StandingTooOld(int place) implements NotAllowed {}

    record OtherAddress() implements NotAllowed {}

    default String code() {
        return words().code();
    }

    default String japanese() {
        return words().japanese();
    }

    default String english() {
        return words().english();
    }

    default Refusal refusal() {
        return Refusal.of(code(), japanese(), english());
    }

    private ReasonWords words() {
        return ReasonWords.of(this);
    }
}
