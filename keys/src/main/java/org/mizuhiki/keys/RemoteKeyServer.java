package org.mizuhiki.keys;

import java.util.List;
import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.KeyRoutes.FiledList;
import org.mizuhiki.keys.KeyRoutes.GrantBody;
import org.mizuhiki.keys.KeyRoutes.LetterBody;
import org.mizuhiki.keys.KeyRoutes.OwnedSlot;
import org.mizuhiki.keys.KeyRoutes.ReplacedSlot;
import org.mizuhiki.keys.KeyRoutes.StatementBody;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.wire.Peer;

/// The key server as a person's device sees it. `caller` is not sent: the server takes it from the
/// certificate with which `peer` is connected.
public record RemoteKeyServer(Peer peer) implements KeyServer {
    @Override
    public Filed file(PersonId caller, Bytes letterSealed, Map<PersonId, Slot> slots) {
        var owned = slots.entrySet().stream()
                .map(e -> new OwnedSlot(e.getKey(), e.getValue()))
                .toList();
        return peer.post("/v1/letters", new LetterBody(letterSealed, owned), Filed.class);
    }

    @Override
    public Filed register(PersonId caller, Bytes provisionalRegistration, Map<PersonId, Slot> slots) {
        var owned = slots.entrySet().stream()
                .map(e -> new OwnedSlot(e.getKey(), e.getValue()))
                .toList();
        return peer.post("/v1/provisional-registrations", new LetterBody(provisionalRegistration, owned), Filed.class);
    }

    @Override
    public void replace(PersonId caller, Digest letter, Slot slot) {
        peer.put("/v1/letters/" + letter.hex() + "/slot", new ReplacedSlot(slot), ReplacedSlot.class);
    }

    @Override
    public Filed say(PersonId caller, Bytes signed) {
        return peer.post("/v1/statements", new StatementBody(signed), Filed.class);
    }

    @Override
    public Filed grant(PersonId caller, Bytes lateralGrant, Slot slot) {
        return peer.post("/v1/grants", new GrantBody(lateralGrant, slot), Filed.class);
    }

    @Override
    public Release release(PersonId caller, Bytes disclosure) {
        return peer.post("/v1/disclosures", new StatementBody(disclosure), Release.class);
    }

    @Override
    public List<Filed> involving(PersonId caller, int limit, long before) {
        return peer.get("/v1/statements?limit=" + limit + "&before=" + before, FiledList.class)
                .statements();
    }

    @Override
    public List<Filed> relation(PersonId caller, PersonId patient) {
        return peer.get("/v1/relations/" + patient.value() + "/statements", FiledList.class)
                .statements();
    }

    @Override
    public List<Filed> aboutLetter(PersonId caller, Digest letter) {
        return peer.get("/v1/letters/" + letter.hex() + "/statements", FiledList.class)
                .statements();
    }
}
