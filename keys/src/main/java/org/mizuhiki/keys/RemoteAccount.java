package org.mizuhiki.keys;

import java.util.List;
import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.AccountRoutes.EnterBody;
import org.mizuhiki.keys.AccountRoutes.Notices;
import org.mizuhiki.keys.AccountRoutes.OwnBody;
import org.mizuhiki.keys.AccountRoutes.ReplaceBody;
import org.mizuhiki.keys.PasswordRoutes.TokenBody;
import org.mizuhiki.keys.Passwords.Session;
import org.mizuhiki.wire.Peer;

/// The account as a person's device reaches it.
///
/// @param peer with the person's certificate for [#open] and [#replaceOwn]
public record RemoteAccount(Peer peer) implements Account {
    @Override
    public Session open(PersonId authenticated) {
        return peer.post("/v1/account/sessions", Map.of(), Session.class);
    }

    @Override
    public Session enter(PersonId person, Bytes release) {
        return peer.post("/v1/account/entries", new EnterBody(person, release), Session.class);
    }

    /// The server does not tell: the device knows whose session it opened.
    @Override
    public PersonId holder(Passwords.Shown shown) {
        throw new UnsupportedOperationException("the device knows whose session it opened");
    }

    @Override
    public State state(Bytes token) {
        return peer.post("/v1/account/state", new TokenBody(token), State.class);
    }

    @Override
    public void replace(Passwords.Shown shown, Digest access, State next) {
        peer.post("/v1/account/replace", new ReplaceBody(shown, access, next), Void.class);
    }

    @Override
    public void replaceOwn(PersonId authenticated, Digest access, State next) {
        peer.put("/v1/account", new OwnBody(access, next), Void.class);
    }

    @Override
    public List<Notice> notices(Bytes token) {
        return peer.post("/v1/account/notices/list", new TokenBody(token), Notices.class)
                .notices();
    }

    @Override
    public void end(Bytes token) {
        peer.post("/v1/password/sessions/end", new TokenBody(token), Void.class);
    }
}
