package org.mizuhiki.keys;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.EmergencyRoutes.AllowBody;
import org.mizuhiki.keys.EmergencyRoutes.CoverBody;
import org.mizuhiki.keys.EmergencyRoutes.LetterList;
import org.mizuhiki.keys.EmergencyRoutes.LettersBody;
import org.mizuhiki.keys.EmergencyRoutes.OpenBody;
import org.mizuhiki.keys.EmergencyRoutes.PatientBody;
import org.mizuhiki.keys.KeyRoutes.StatementBody;
import org.mizuhiki.keys.KeyServer.Filed;
import org.mizuhiki.keys.KeyServer.Release;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.wire.Peer;

/// Emergencies as a person's device asks for them. Who calls is what the certificate of `peer` says.
public record RemoteEmergencies(Peer peer) implements Emergencies {
    @Override
    public Filed allow(PersonId patient, Bytes emergencyAccess, Reader.XWing key, Bytes share) {
        return peer.post("/v1/emergency", new AllowBody(emergencyAccess, key.publicKey(), share), Filed.class);
    }

    @Override
    public Allowance standing(PersonId patient) {
        return peer.get("/v1/emergency", Allowance.class);
    }

    @Override
    public List<Digest> uncovered(PersonId patient, Digest after) {
        return peer.get("/v1/emergency/uncovered?after=" + after.hex(), LetterList.class)
                .letters();
    }

    @Override
    public void cover(PersonId patient, List<Covered> covered) {
        peer.post("/v1/emergency/slots", new CoverBody(covered), Void.class);
    }

    @Override
    public Challenge ask(PersonId reader, PersonId patient) {
        return peer.post("/v1/emergency/asks", new PatientBody(patient), Challenge.class);
    }

    @Override
    public Opened open(PersonId reader, Bytes emergencyOpening, Bytes presence) {
        return peer.post("/v1/emergency/openings", new OpenBody(emergencyOpening, presence), Opened.class);
    }

    @Override
    public List<Digest> letters(PersonId reader, PersonId patient, Digest after) {
        return peer.post("/v1/emergency/letters", new LettersBody(patient, after), LetterList.class)
                .letters();
    }

    @Override
    public Release release(PersonId reader, Bytes disclosure) {
        return peer.post("/v1/emergency/disclosures", new StatementBody(disclosure), Release.class);
    }
}
