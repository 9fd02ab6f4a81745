package org.mizuhiki.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// The log over HTTP. Appending is for those of the region's servers that have events to enter; reading is
/// for anyone: a log that can be read by few can be forked for few.
public final class LedgerRoutes {
    /// Where the static files stand (C2SP tlog-tiles: the log's prefix).
    public static final String PREFIX = "/v1/ledger/log";

    /// Only these have anything to enter: events of slots, of enrolment, of connections.
    private static final Set<String> APPENDING = Set.of("keys", "authority", "centre");

    private LedgerRoutes() {}

    /// @param label empty when the entry has none
    public record EntryBody(String kind, String record, String label) {
        static EntryBody of(Entry entry) {
            return new EntryBody(
                    entry.kind(),
                    entry.record().hex(),
                    entry.label().map(Digest::hex).orElse(""));
        }

        Entry entry() {
            return new Entry(
                    kind,
                    new Digest(record),
                    Optional.of(label).filter(l -> !l.isEmpty()).map(Digest::new));
        }
    }

    public record ReceiptBody(long index, String leaf) {}

    /// @param stamp base64
    public record CheckpointBody(String note, String stamp) {
        static CheckpointBody of(SignedCheckpoint checkpoint) {
            return new CheckpointBody(checkpoint.note(), checkpoint.stamp().asBase64());
        }

        SignedCheckpoint checkpoint() {
            return new SignedCheckpoint(note, Bytes.base64(stamp));
        }
    }

    public record EvidenceBody(EntryBody entry, long index, List<String> path, CheckpointBody checkpoint) {}

    public record ProofBody(List<String> proof) {
        static ProofBody of(List<Digest> proof) {
            return new ProofBody(proof.stream().map(Digest::hex).toList());
        }

        List<Digest> digests() {
            return proof.stream().map(Digest::new).toList();
        }
    }

    /// What every ledger offers; servers of [#APPENDING] may append.
    public static List<Route> of(Ledger ledger) {
        return of(ledger, APPENDING);
    }

    /// @param roles servers that may append; others are refused with `access-denied`
    public static List<Route> of(Ledger ledger, Set<String> roles) {
        var appending = new ServerRoles(roles);
        return List.of(
                Route.post(
                                "/v1/ledger/entries",
                                "Appends an entry durably; the same again gives the same receipt",
                                Access.SERVER,
                                EntryBody.class,
                                ReceiptBody.class,
                                call -> {
                                    appending.check(call.caller());
                                    return append(ledger, call);
                                })
                        .upTo(Ledger.MAX_ENTRY)
                        .remembersBriefly(),
                Route.get(
                                "/v1/ledger/evidence/{leaf}",
                                "The offline proof that an entry is in the log",
                                Access.ANYONE,
                                EvidenceBody.class,
                                call -> evidence(ledger, call))
                        .forBrowsers(),
                Route.get(
                        "/v1/ledger/checkpoint",
                        "The newest signed, stamped and witnessed checkpoint",
                        Access.ANYONE,
                        CheckpointBody.class,
                        call -> new Reply.Json(CheckpointBody.of(ledger.checkpoint()))),
                Route.get(
                        "/v1/ledger/consistency/{older}/{newer}",
                        "The proof that the log only grew between two sizes",
                        Access.ANYONE,
                        ProofBody.class,
                        call -> new Reply.Json(
                                ProofBody.of(ledger.consistency(size(call, "older"), size(call, "newer"))))));
    }

    /// Also the static files, for the process that has them on its disk.
    public static List<Route> of(TileLog log) {
        return of(log, APPENDING);
    }

    /// @param roles servers that may append
    public static List<Route> of(TileLog log, Set<String> roles) {
        var routes = new ArrayList<>(of((Ledger) log, roles));
        routes.add(Route.get(
                PREFIX + "/checkpoint",
                "The checkpoint as a signed note (C2SP tlog-tiles)",
                Access.ANYONE,
                byte[].class,
                call -> new Reply.Raw(
                        "text/plain; charset=utf-8", Bytes.utf8(log.checkpoint().note()))));
        routes.add(Route.get(
                PREFIX + "/tile/{path*}",
                "A tile of hashes, or a bundle of entries (C2SP tlog-tiles)",
                Access.ANYONE,
                byte[].class,
                call -> tile(log, call)));
        return routes;
    }

    private static Reply append(Ledger ledger, Call call) {
        var receipt = ledger.append(call.body(EntryBody.class).entry());
        return new Reply.Json(new ReceiptBody(receipt.index(), receipt.leaf().hex()));
    }

    private static Reply evidence(Ledger ledger, Call call) {
        var evidence = ledger.evidence(new Digest(call.path("leaf")));
        return new Reply.Json(new EvidenceBody(
                EntryBody.of(evidence.entry()),
                evidence.index(),
                evidence.path().stream().map(Digest::hex).toList(),
                CheckpointBody.of(evidence.checkpoint())));
    }

    private static Reply tile(TileLog log, Call call) {
        return new Reply.File(
                "application/octet-stream",
                log.tile("tile/" + call.path("path")).orElseThrow(LogSource::tileUnknown));
    }

    private static long size(Call call, String name) {
        var text = call.path(name);
        if (!text.matches("0|[1-9][0-9]{0,17}")) {
            throw Refusal.of("size-unknown", "大きさは0以上の整数です", "A size is a whole number from 0 on");
        }
        return Long.parseLong(text);
    }
}
