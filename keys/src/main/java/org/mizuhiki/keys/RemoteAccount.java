package org.mizuhiki.keys;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.PasswordRoutes.DropBody;
import org.mizuhiki.keys.PasswordRoutes.Notices;
import org.mizuhiki.keys.PasswordRoutes.SlotBody;
import org.mizuhiki.keys.PasswordRoutes.Slots;
import org.mizuhiki.keys.PasswordRoutes.TokenBody;
import org.mizuhiki.wire.Peer;

/// The account as a person's device reaches it.
public record RemoteAccount(Peer peer) implements Account {
    /// The server does not tell: the device knows whose session it opened.
    @Override
    public PersonId owner(Bytes token) {
        throw new UnsupportedOperationException("the device knows whose session it opened");
    }

    @Override
    public List<WrappedKey> slots(Bytes token) {
        return peer.post("/v1/account/slots/list", new TokenBody(token), Slots.class)
                .slots();
    }

    @Override
    public void put(Bytes token, WrappedKey slot) {
        peer.put("/v1/account/slots", new SlotBody(token, slot), Void.class);
    }

    @Override
    public void drop(Bytes token, String name) {
        peer.post("/v1/account/slots/drop", new DropBody(token, name), Void.class);
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
