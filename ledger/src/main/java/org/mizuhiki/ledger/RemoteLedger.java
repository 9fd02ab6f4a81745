package org.mizuhiki.ledger;

import java.util.List;
import java.util.function.Supplier;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Peer;

/// The log of another process. Appending is repeated safely: the same entry has the same receipt.
public record RemoteLedger(Peer peer) implements Ledger, LogSource {
    @Override
    public Receipt append(Entry entry) {
        if (entry.canonical().encode().size() > MAX_ENTRY) {
            throw Refusal.of("entry-too-large", "台帳の記録が大きすぎます", "An entry has at most " + MAX_ENTRY + " bytes");
        }
        var answer = reached(() ->
                peer.post("/v1/ledger/entries", LedgerRoutes.EntryBody.of(entry), LedgerRoutes.ReceiptBody.class));
        var receipt = new Receipt(answer.index(), new Digest(answer.leaf()));
        if (!receipt.leaf().equals(entry.leaf())) {
            throw strange();
        }
        return receipt;
    }

    @Override
    public Evidence evidence(Digest leaf) {
        var body = reached(() -> peer.get("/v1/ledger/evidence/" + leaf.hex(), LedgerRoutes.EvidenceBody.class));
        var evidence = new Evidence(
                body.entry().entry(),
                body.index(),
                body.path().stream().map(Digest::new).toList(),
                body.checkpoint().checkpoint());
        if (!evidence.entry().leaf().equals(leaf)) {
            throw strange();
        }
        return evidence;
    }

    @Override
    public SignedCheckpoint checkpoint() {
        return reached(() -> peer.get("/v1/ledger/checkpoint", LedgerRoutes.CheckpointBody.class))
                .checkpoint();
    }

    @Override
    public List<Digest> consistency(long older, long newer) {
        return reached(() -> peer.get("/v1/ledger/consistency/" + older + "/" + newer, LedgerRoutes.ProofBody.class))
                .digests();
    }

    @Override
    public Bytes tileBytes(String path) {
        return reached(() -> peer.getBytes(LedgerRoutes.PREFIX + "/" + path));
    }

    private static <T> T reached(Supplier<T> call) {
        try {
            return call.get();
        } catch (Refusal r) {
            throw r.code().equals("peer-unreachable")
                    ? Refusal.of("ledger-unavailable", "台帳サーバに接続できません", "The ledger cannot be reached", r)
                    : r;
        }
    }

    private static Refusal strange() {
        return Refusal.of("evidence-broken", "台帳が別の記録について回答しました", "The ledger answered about another entry");
    }
}
