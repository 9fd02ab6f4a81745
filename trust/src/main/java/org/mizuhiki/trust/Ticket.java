package org.mizuhiki.trust;

import org.mizuhiki.house.Secret;

/// The right to be enrolled once: given out by an accredited institution (persons) or the operator (servers,
/// institutions), handed over on
/// paper, QR code or file, useless after use or expiry. Written `<id>.<secret>`; the authority keeps a hash of the
/// secret only.
///
/// @param secret 128 random bits
public record Ticket(String id, Secret secret) {}
