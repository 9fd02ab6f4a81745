package org.mizuhiki.enrol.acme;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.Member;

/// A wish for one certificate. There is nothing to prove on the way to it: the account's binding already
/// did, so an order is ready as it is made.
///
/// @param status `ready`, `valid` once answered, `invalid` when its authorisation was given up
/// @param request SHA-256 of the request that it was answered with
/// @param chain PEM, own certificate first, without the root
record Order(
        String id,
        String account,
        Member.Server member,
        String status,
        Instant expires,
        Optional<String> replaces,
        Optional<Bytes> request,
        Optional<String> chain) {
    static final String READY = "ready";
    static final String VALID = "valid";
    static final String INVALID = "invalid";

    String status(Instant now) {
        return status.equals(READY) && !now.isBefore(expires) ? INVALID : status;
    }

    /// RFC 8555, 7.1.6: expired, given up, or good.
    String authorizationStatus(Instant now) {
        if (status.equals(INVALID)) {
            return Account.DEACTIVATED;
        }
        return now.isBefore(expires) ? VALID : "expired";
    }

    X509Certificate certificate() {
        return Chains.first(chain.orElseThrow());
    }
}
