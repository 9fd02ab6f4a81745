package org.mizuhiki.trust;

import org.mizuhiki.wire.Peer;

/// Renewal over HTTP.
public final class RemoteRenewals implements Renewals {
    private final Peer authority;

    /// @param authority may be reached anonymously: the request carries its own proof
    public RemoteRenewals(Peer authority) {
        this.authority = authority;
    }

    @Override
    public Enrolment.Enrolled renew(Asked asked) {
        return authority
                .post("/v1/renewals", RenewalBody.of(asked), AuthorityRoutes.EnrolledBody.class)
                .enrolled();
    }
}
