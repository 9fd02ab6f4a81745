package org.mizuhiki.store;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.store.EmergencyReaderRoutes.AllowBody;
import org.mizuhiki.store.EmergencyReaderRoutes.EnterBody;
import org.mizuhiki.wire.Peer;

/// Emergency readers as persons and the key server reach them. Who calls is what the certificate of `peer`
/// says.
public record RemoteEmergencyReaders(Peer peer) implements EmergencyReaders {
    @Override
    public void allow(PersonId owner, Digest token) {
        peer.put("/v1/emergency-access", new AllowBody(token), Void.class);
    }

    @Override
    public void forbid(PersonId owner) {
        peer.delete("/v1/emergency-access");
    }

    @Override
    public void dismiss(PersonId owner, PersonId reader) {
        peer.delete("/v1/emergency-readers/" + reader.value());
    }

    @Override
    public void admit(Admission admission) {
        peer.post("/v1/emergency-readers", admission, Void.class);
    }

    @Override
    public void enter(PersonId reader, PersonId owner, Bytes token) {
        peer.post("/v1/emergency-readers/enter", new EnterBody(owner, token), Void.class);
    }
}
