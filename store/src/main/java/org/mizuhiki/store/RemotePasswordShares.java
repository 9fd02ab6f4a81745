package org.mizuhiki.store;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.store.PasswordShareRoutes.EvaluateBody;
import org.mizuhiki.store.PasswordShareRoutes.Evaluated;
import org.mizuhiki.store.PasswordShareRoutes.KeepBody;
import org.mizuhiki.store.PasswordShareRoutes.MakeBody;
import org.mizuhiki.store.PasswordShareRoutes.Notices;
import org.mizuhiki.store.PasswordShareRoutes.ShiftBody;
import org.mizuhiki.wire.Peer;

/// The store's shares as the key server reaches them; notices as their person does.
public record RemotePasswordShares(Peer peer) implements PasswordShares {
    @Override
    public void make(PersonId person, Digest epoch) {
        peer.post("/v1/password-shares", new MakeBody(person, epoch), Void.class);
    }

    @Override
    public void shift(PersonId person, Digest from, Digest to, Bytes shift) {
        peer.post("/v1/password-shares/shift", new ShiftBody(person, from, to, shift), Void.class);
    }

    @Override
    public void keep(PersonId person, Digest epoch) {
        peer.post("/v1/password-shares/keep", new KeepBody(person, epoch), Void.class);
    }

    @Override
    public Bytes evaluate(PersonId person, Digest epoch, Bytes blinded) {
        return peer.post("/v1/password-shares/evaluate", new EvaluateBody(person, epoch, blinded), Evaluated.class)
                .evaluated();
    }

    /// Of the connected person, whom the certificate names.
    @Override
    public List<Guessed> notices(PersonId person) {
        return peer.get("/v1/password-notices", Notices.class).notices();
    }
}
