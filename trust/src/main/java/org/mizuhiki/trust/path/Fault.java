package org.mizuhiki.trust.path;

/// What is wrong with a path; the words for people stand at the room's door.
public enum Fault {
    MALFORMED,
    TOO_LARGE,
    TOO_MUCH_WORK,
    NO_ROOT,
    SIGNATURE,
    CHAINING,
    NOT_YET_VALID,
    EXPIRED,
    WEAK,
    CRITICAL_EXTENSION,
    NOT_A_CA,
    TOO_LONG,
    USE,
    NAMES,
    POLICY,
    REVOKED,
    STATUS_UNKNOWN,
    STATUS_STALE
}
