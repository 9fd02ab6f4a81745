package org.mizuhiki.store;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.store.KeyringRoutes.FetchBody;
import org.mizuhiki.store.KeyringRoutes.KeepBody;
import org.mizuhiki.wire.Peer;

/// Keyrings as a person's device reaches them.
///
/// @param peer with the person's certificate for [#fetchOwn] and [#keepOwn]
public record RemoteKeyrings(Peer peer) implements Keyrings {
    @Override
    public Kept fetch(PersonId person, Bytes token) {
        return peer.post("/v1/keyrings/fetch", new FetchBody(person, token), Kept.class);
    }

    @Override
    public void keep(PersonId person, Bytes token, Next next) {
        var body = new KeepBody(person, token, next.number(), next.content(), next.access());
        peer.post("/v1/keyrings/keep", body, Void.class);
    }

    @Override
    public Kept fetchOwn(PersonId person) {
        return peer.get("/v1/keyring", Kept.class);
    }

    @Override
    public void keepOwn(PersonId person, Next next) {
        peer.put("/v1/keyring", next, Void.class);
    }
}
