package org.mizuhiki.apps.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.centre.LogBatch;
import org.mizuhiki.centre.Recorded;
import org.mizuhiki.centre.RecordsCheck;
import org.mizuhiki.centre.RecordsCheck.Checked;
import org.mizuhiki.centre.RecordsCheck.Flaw;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Bundle;
import org.mizuhiki.ledger.BundleFile;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.ledger.KeysFile;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.wire.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Records of a connection's traffic, as both routers signed them; checked here, not at the centre.
@Command(
        name = "log",
        description = {"接続の通信記録（両側の機器が署名したもの）", "Records of a connection's traffic, as both routers signed them"})
final class VpnLog extends CentreCommand {
    private static final String RECORDS = "records.json";
    private static final String LEDGER = "ledger.bundle";
    private static final String KEYS = "ledger-keys.json";

    @Parameters(paramLabel = "CONNECTION", description = "接続の番号 / the connection")
    @SuppressWarnings("NullAway.Init")
    private String connection;

    @Option(
            names = "--reconcile",
            description = {
                "署名・連番・台帳を検証し、発信元・アクセスポイント・アクセス先の記録を突き合わせる",
                "check signatures, numbers and ledger, and lay the three points' records side by side"
            })
    private boolean reconcile;

    @Option(
            names = "--export",
            paramLabel = "DIR",
            description = "検証した記録を証拠として書き出す / write what was checked, as evidence for others")
    private @Nullable Path export;

    @Option(
            names = "--from",
            paramLabel = "DIR",
            description = "書き出した証拠を検証する（センターも台帳も使わない） / check such evidence, without centre and ledger")
    private @Nullable Path from;

    @Override
    void with(AtCentre at) throws Exception {
        var recorded = from == null ? Recorded.all(at.desk(), connection) : read(from);
        if (!reconcile && export == null && from == null) {
            list(recorded);
            return;
        }
        var evidence = new HashMap<Digest, Evidence>();
        var checked = new RecordsCheck(at.region().validator(), inLedger(at.region(), evidence))
                .check(connection, recorded, at.clock().instant());
        if (export != null) {
            write(export, recorded, evidence, at.region());
        }
        output.tell(checked, text(checked));
        mustHold(checked);
    }

    private void list(Recorded recorded) {
        var all = recorded.batches().stream()
                .map(b -> LogBatch.decode(b.batch()))
                .flatMap(b -> b.lines().stream())
                .toList();
        output.noteIfNone(all);
        for (var l : all) {
            output.tell(
                    l,
                    "%s  %s  %s → %s  %s/%d  %d B"
                            .formatted(
                                    Arguments.when(l.at()),
                                    l.point(),
                                    l.source(),
                                    l.target(),
                                    l.protocol(),
                                    l.port(),
                                    l.bytes()));
        }
    }

    private Function<Entry, Instant> inLedger(Region region, Map<Digest, Evidence> found) throws IOException {
        var check = region.evidenceCheck().remembering();
        var kept = new HashMap<Digest, Evidence>();
        if (from != null) {
            BundleFile.read(bytes(from.resolve(LEDGER), Bundle.MAX_BYTES))
                    .items()
                    .forEach(i -> kept.put(i.evidence().entry().leaf(), i.evidence()));
        }
        return entry -> {
            var evidence = from == null
                    ? region.ledger().evidence(entry.leaf())
                    : Optional.ofNullable(kept.get(entry.leaf())).orElseThrow(VpnLog::notInBundle);
            var at = check.check(evidence, region.trust().log());
            found.put(entry.leaf(), evidence);
            return at;
        };
    }

    private static Refusal notInBundle() {
        return Refusal.of(
                "entry-unknown", "証拠に台帳の証明が含まれていません", "The evidence holds no proof that this is in the ledger");
    }

    private Recorded read(Path folder) throws IOException {
        var recorded = Json.read(bytes(folder.resolve(RECORDS), Bundle.MAX_BYTES), Recorded.class);
        var batches = recorded.batches().stream().map(b -> LogBatch.decode(b.batch()));
        if (batches.anyMatch(b -> !b.connection().equals(connection))) {
            throw Refusal.of("connection-unknown", "別の接続の記録です", "These are records of another connection");
        }
        return recorded;
    }

    private static Bytes bytes(Path file, long most) throws IOException {
        if (Files.size(file) > most) {
            throw Refusal.of("file-too-large", "ファイルが大きすぎます", "The file is too large");
        }
        return Bytes.of(Files.readAllBytes(file));
    }

    private static void write(Path folder, Recorded recorded, Map<Digest, Evidence> evidence, Region region)
            throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve(RECORDS), Json.write(recorded).toArray());
        var items = new ArrayList<Bundle.Item>();
        evidence.values().forEach(e -> items.add(new Bundle.Item(e, Optional.empty())));
        Files.write(folder.resolve(LEDGER), BundleFile.write(new Bundle(items)).toArray());
        var keys = new KeysFile(region.trust().log(), region.trust().roots());
        Files.write(folder.resolve(KEYS), keys.write().toArray());
    }

    private static String text(Checked checked) {
        var found = checked.reconciled();
        var text = new StringBuilder("署名と台帳を確かめた記録 %d 件、一致 %d 件、不一致 %d 件 / %d batches hold, %d agree, %d do not"
                .formatted(
                        checked.batches(),
                        found.agreed(),
                        found.odd().size(),
                        checked.batches(),
                        found.agreed(),
                        found.odd().size()));
        for (var flaw : checked.flaws()) {
            text.append("\n  × %s  %s #%d  %s / %s"
                    .formatted(flaw.code(), flaw.router(), flaw.number(), flaw.japanese(), flaw.english()));
        }
        for (var odd : found.odd()) {
            text.append("\n  %s  %s → %s  %s/%d  記録あり/seen %s  記録なし/not seen %s  %s"
                    .formatted(
                            Arguments.when(odd.at()),
                            odd.source(),
                            odd.target(),
                            odd.protocol(),
                            odd.port(),
                            odd.seen(),
                            odd.missing(),
                            odd.outside().map(o -> "合意の外/outside: " + o).orElse("")));
        }
        return text.toString();
    }

    /// A clock that is off is told and set right; whatever else is wrong is no proof.
    private static void mustHold(Checked checked) {
        List<String> broken = checked.flaws().stream()
                .map(Flaw::code)
                .filter(code -> !code.startsWith("clock-"))
                .distinct()
                .toList();
        if (!broken.isEmpty()) {
            throw Refusal.of(
                    "log-unproven",
                    "通信記録に欠けや偽りがあるか、まだ確かめられません: " + broken,
                    "The records have gaps or forgeries, or cannot be proven yet: " + broken);
        }
    }
}
