package org.mizuhiki.ledger;

import java.util.List;
import java.util.function.Supplier;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Peer;

/// A witness in another process.
///
/// @param name the name under which its key stands in [LogKeys#witnesses]; what it answers is held
/// against that key
public record RemoteWitness(String name, Peer peer) implements Witness {
    @Override
    public Seen seen() {
        var body = reached(() -> peer.get("/v1/witness/seen", WitnessRoutes.SeenBody.class));
        return new Seen(body.size(), new Digest(body.root()));
    }

    @Override
    public String cosign(String note, long older, List<Digest> proof) {
        var body = new WitnessRoutes.CosignBody(
                note, older, proof.stream().map(Digest::hex).toList());
        return reached(() -> peer.post("/v1/witness/cosign", body, WitnessRoutes.LineBody.class))
                .line();
    }

    private static <T> T reached(Supplier<T> call) {
        try {
            return call.get();
        } catch (Refusal r) {
            throw r.code().equals("peer-unreachable")
                    ? Refusal.of("witness-unavailable", "立会人サーバに接続できません", "The witness cannot be reached", r)
                    : r;
        }
    }
}
