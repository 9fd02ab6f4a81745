package org.mizuhiki.store;

import java.util.List;
import org.mizuhiki.database.Together;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.store.PasswordShareRoutes.EvaluateBody;
import org.mizuhiki.store.PasswordShareRoutes.Evaluated;
import org.mizuhiki.store.PasswordShareRoutes.KeepBody;
import org.mizuhiki.store.PasswordShareRoutes.ShiftBody;
import org.mizuhiki.wire.Peer;

/// The store's shares as the key server reaches them. Passwords that are to be evaluated at the same
/// time go in one request.
public final class RemotePasswordShares implements PasswordShares {
    /// The more requests are under way, the fewer passwords go with each.
    private static final int AT_ONCE = 1;

    private final Peer peer;
    private final Together<Blinded, Evaluation> together;

    public RemotePasswordShares(Peer peer) {
        this.peer = peer;
        this.together = new Together<>(MOST, AT_ONCE, one -> one.person().value(), this::evaluate);
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
    public List<Evaluation> evaluate(List<Blinded> all) {
        var evaluations = peer.post("/v1/password-shares/evaluate", new EvaluateBody(all), Evaluated.class)
                .evaluations();
        if (evaluations.size() != all.size()) {
            throw Refusal.of("answer-malformed", "保管サーバーの応答の数が違います", "The store gave another number of answers");
        }
        return evaluations;
    }

    @Override
    public Bytes evaluate(PersonId person, Digest epoch, Bytes element) {
        return together.ask(new Blinded(person, epoch, element)).orRefused();
    }
}
