package org.mizuhiki.trust;

import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.wire.Peer;

/// The authority's revocation over HTTP; revokes as the institution that the connection shows.
public final class RemoteRevocation implements Revocation {
    private static final Pattern REGISTRAR = Pattern.compile("[0-9]{10}-[0-9]{1,6}");

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
        return authority.getBytes("/ca/" + place(ca) + ".crt");
    }

    @Override
    public Bytes crl(String ca) {
        return authority.getBytes("/crl/" + place(ca) + ".crl");
    }

    @Override
    public Optional<CaList> caList() {
        return Optional.of(CaList.decode(authority.getBytes("/ca/list.json")));
    }

    /// Names go into a path: only those that can be one.
    private static String place(String ca) {
        if (CaName.bearing(ca).isPresent()) {
            return ca;
        }
        if (REGISTRAR.matcher(ca).matches()) {
            return "registrar/" + ca;
        }
        throw Revocations.unknown();
    }
}
