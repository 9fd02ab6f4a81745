package org.mizuhiki.trust;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Peer;

/// The authority's revocation over HTTP; revokes as the institution that the connection shows.
public final class RemoteRevocation implements Revocation {
    private final Peer authority;

    public RemoteRevocation(Peer authority) {
        this.authority = authority;
    }

    @Override
    public void revoke(Member member, Reason reason) {
        authority.post(
                "/v1/revocations",
                new AuthorityRoutes.RevocationBody(MemberBody.of(member), reason),
                AuthorityRoutes.Done.class);
    }

    @Override
    public Bytes ocsp(Bytes request) {
        return authority.postBytes("/ocsp", "application/ocsp-request", request);
    }

    @Override
    public Bytes certificate(String ca) {
        return authority.getBytes("/ca/" + known(ca) + ".crt");
    }

    @Override
    public Bytes crl(String ca) {
        return authority.getBytes("/crl/" + known(ca) + ".crl");
    }

    /// Names go into a path: only those there are.
    private static String known(String ca) {
        return CaName.find(ca)
                .orElseThrow(() -> Refusal.of("ca-unknown", "そのような認証局はありません", "There is no CA of this name"))
                .text();
    }
}
