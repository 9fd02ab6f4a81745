package org.mizuhiki.store;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.store.PasswordShareRoutes.BeginBody;
import org.mizuhiki.store.PasswordShareRoutes.Begun;
import org.mizuhiki.store.PasswordShareRoutes.Notices;
import org.mizuhiki.store.PasswordShareRoutes.NoticesBody;
import org.mizuhiki.wire.Peer;

/// The store's half of a password as its person's device reaches it.
///
/// @param peer with the person's certificate, unless there is a token
/// @param token that the account's master key gives
public record RemoteOwnShares(Peer peer, Optional<Bytes> token) implements OwnShares {
    @Override
    public Bytes begin(PersonId person, Digest epoch, Bytes element) {
        return peer.post("/v1/own-password-share", new BeginBody(person, token, epoch, element), Begun.class)
                .evaluated();
    }

    @Override
    public List<Guessed> notices(PersonId person) {
        return peer.post("/v1/password-notices/list", new NoticesBody(person, token), Notices.class)
                .notices();
    }
}
