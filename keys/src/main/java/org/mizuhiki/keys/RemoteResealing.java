package org.mizuhiki.keys;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.ResealRoutes.ResealBody;
import org.mizuhiki.keys.ResealRoutes.Written;
import org.mizuhiki.keys.ResealRoutes.WrittenBody;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.wire.Peer;

/// Sealing again as an author's device asks for it.
public record RemoteResealing(Peer peer) implements Resealing {
    @Override
    public List<OwnerSlot> written(PersonId author, Digest after) {
        return peer.post("/v1/letters/written", new WrittenBody(after), Written.class)
                .slots();
    }

    @Override
    public void reseal(PersonId author, Bytes letterResealed, Slot slot) {
        peer.post("/v1/letters/reseal", new ResealBody(letterResealed, slot), Void.class);
    }
}
