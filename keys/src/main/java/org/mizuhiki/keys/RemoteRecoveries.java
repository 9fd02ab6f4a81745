package org.mizuhiki.keys;

import java.security.cert.X509Certificate;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.AccountRoutes.AskedList;
import org.mizuhiki.keys.AccountRoutes.BeginBody;
import org.mizuhiki.keys.AccountRoutes.BegunList;
import org.mizuhiki.keys.AccountRoutes.StandingBody;
import org.mizuhiki.keys.AccountRoutes.Vetoed;
import org.mizuhiki.keys.PasswordRoutes.TokenBody;
import org.mizuhiki.wire.Peer;

/// Recoveries as devices reach them.
///
/// @param peer with the guardian's certificate for [#asked] and [#approve]
public record RemoteRecoveries(Peer peer) implements Recoveries {
    @Override
    public Begun begin(PersonId person, Bytes key, String place) {
        return peer.post("/v1/account/recoveries", new BeginBody(person, key), Begun.class);
    }

    @Override
    public Standing standing(Digest id, Bytes secret) {
        return peer.post("/v1/account/recoveries/standing", new StandingBody(id, secret), Standing.class);
    }

    @Override
    public List<Asked> asked(PersonId guardian) {
        return peer.get("/v1/guarding", AskedList.class).asked();
    }

    /// With the certificate of the connection.
    @Override
    public void approve(PersonId guardian, X509Certificate certificate, Approval approval) {
        peer.post("/v1/guarding/approvals", approval, Void.class);
    }

    @Override
    public List<Begun> under(Bytes token) {
        return peer.post("/v1/account/recoveries/list", new TokenBody(token), BegunList.class)
                .recoveries();
    }

    @Override
    public int veto(Bytes token) {
        return peer.post("/v1/account/recoveries/veto", new TokenBody(token), Vetoed.class)
                .ended();
    }
}
