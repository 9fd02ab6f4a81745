package org.mizuhiki.wire;

/// Who may call a route; default deny: a route without a say-so does not exist.
public enum Access {
    ANYONE,
    ANY_PERSON,
    PROFESSIONAL,
    INSTITUTION,
    SERVER,
    /// A device, or a service on one.
    DEVICE,
    /// A program inside an institution, at that institution's own door only.
    PROGRAM,
    /// Any authenticated person, institution or server; devices have routes of their own.
    MEMBER
}
