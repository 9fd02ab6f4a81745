package org.mizuhiki.trust;

import org.mizuhiki.trust.path.NoPath;

/// What the path search found wrong, as what people are told.
final class FaultReasons {
    private FaultReasons() {}

    static Reason of(NoPath no) {
        int place = no.place();
        return switch (no.fault()) {
            case MALFORMED -> new Reason.Malformed(place);
            case TOO_LARGE -> new Reason.TooLarge();
            case TOO_MUCH_WORK -> new Reason.TooMuchWork();
            case NO_ROOT, CHAINING -> new Reason.NoRoot();
            case SIGNATURE -> new Reason.SignatureWrong();
            case NOT_YET_VALID -> new Reason.NotYetValid(place);
            case EXPIRED -> new Reason.Expired(place);
            case WEAK -> new Reason.TooWeak(place, no.detail());
            case CRITICAL_EXTENSION -> new Reason.UnknownExtension(place);
            case NOT_A_CA -> new Reason.NotACa(place);
            case TOO_LONG -> new Reason.PathTooLong();
            case USE -> new Reason.WrongUse(place);
            case NAMES -> new Reason.NameNotPermitted(place);
            case POLICY -> new Reason.PolicyNotMet();
            case REVOKED -> new Reason.Revoked(place, no.when());
            case STATUS_UNKNOWN -> new Reason.StandingUnknown(place);
            case STATUS_STALE -> new Reason.StandingTooOld(place);
        };
    }
}
