package org.mizuhiki.apps.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.KeysFile;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.trust.DirectoryWatch;
import org.mizuhiki.trust.WatchAlarm;
import org.mizuhiki.trust.WatchEvidence;
import org.mizuhiki.trust.WatchMemory;
import org.mizuhiki.wire.Temporary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The monitor of the key directory.
@Command(
        name = "watch",
        description = {
            "鍵台帳と公開台帳を見張る。自分や指定した個人IDの鍵が変わったら知らせ、すり替え・隠し・書き換えがあれば警報を出して終わる",
            "Watch key directory and public ledger: tells when keys change; ends with an alarm when they were substituted,"
                    + " hidden or rewritten"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES)
final class DirectoryWatching implements Callable<Integer> {
    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final Output output = new Output();

    @Option(
            names = "--id",
            paramLabel = "ID",
            arity = "1..*",
            description = "見張る個人ID（省略時は端末の持ち主） / IDs to watch (default: the device's owner)",
            converter = Arguments.Person.class)
    private List<PersonId> ids = List.of();

    @Option(
            names = "--without-device",
            description = "端末なしで公開台帳だけを見張る / watch the public ledger only, without a device")
    private boolean withoutDevice;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description = "前回までに見たもの（既定 DIR/watch.json） / what was seen so far (default DIR/watch.json)")
    private @Nullable Path state;

    @Option(
            names = "--compare",
            paramLabel = "FILE",
            description = "ほかの人の監視の記録と突き合わせる / hold it against somebody else's state file")
    private @Nullable Path other;

    @Option(
            names = "--accept",
            paramLabel = "RECORD",
            arity = "1..*",
            description = "以前の端末で作った自分の鍵の記録として認める / accept as one's own, made on an earlier device",
            converter = Arguments.Name.class)
    private List<Digest> accepted = List.of();

    @Option(
            names = "--evidence",
            paramLabel = "FILE",
            description = "警報の証拠を書くファイル（既定 状態ファイルの隣） / where to write an alarm's evidence (default: beside the state)")
    private @Nullable Path evidence;

    @Option(
            names = "--export-keys",
            paramLabel = "FILE",
            description = "証拠を検証するための鍵ファイルを書き出す / also write the keys file for 'directory verify'")
    private @Nullable Path keys;

    @Option(names = "--once", description = "一度だけ調べて終わる（cron向け） / look once and end, for cron")
    private boolean once;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "調べる間隔、5〜86400秒 / pause between looks, 5 to 86400 seconds (default ${DEFAULT-VALUE})")
    private long pause;

    /// A line of `--json`.
    ///
    /// @param kind `news`, `alarm` or `looked`
    /// @param index in the ledger; how many entries were read, with `looked`
    record Row(String kind, String id, String code, String record, long index, String text) {}

    @Override
    public Integer call() throws Exception {
        if (pause < 5 || pause > 86_400) {
            throw Refusal.of("option-malformed", "--every は5〜86400秒です", "--every takes 5 to 86400 seconds");
        }
        if (!withoutDevice) {
            return device.useConnection((opened, connection) -> {
                var watched = new LinkedHashSet<>(ids.isEmpty() ? List.of(opened.id()) : ids);
                return watch(connection, watched, Optional.of(opened.own()));
            });
        }
        if (ids.isEmpty() || state == null) {
            throw Refusal.of(
                    "option-missing",
                    "--without-device では --id と --state を指定してください",
                    "--without-device needs --id and --state");
        }
        Crypto.choose();
        try (var connection = Region.connect(device.regionFile(), Optional.empty(), device.clock, device.die)) {
            return watch(connection, new LinkedHashSet<>(ids), Optional.empty());
        }
    }

    private int watch(Region.Connection connection, Set<PersonId> watched, Optional<DirectoryWatch.Own> own)
            throws Exception {
        if (keys != null) {
            var trust = connection.region().trust();
            Files.write(keys, new KeysFile(trust.log(), trust.roots()).write().toArray());
        }
        while (true) {
            try {
                if (!isQuiet(connection.watch(), watched, own)) {
                    return Exit.REFUSED;
                }
            } catch (Refusal refusal) {
                if (once || !Temporary.is(refusal)) {
                    throw refusal;
                }
                output.note("今は調べられません。後でもう一度調べます / cannot look now, will try again: " + refusal.code());
            }
            if (once) {
                return Exit.OK;
            }
            Thread.sleep(Duration.ofSeconds(pause));
        }
    }

    private boolean isQuiet(DirectoryWatch watch, Set<PersonId> watched, Optional<DirectoryWatch.Own> own)
            throws Exception {
        var file = state != null ? state : device.folder().resolve("watch.json");
        var memory = WatchMemory.open(file).accepting(accepted);
        var round = watch.look(memory, watched, own);
        var alarms = new java.util.ArrayList<>(round.alarms());
        if (alarms.isEmpty() && other != null) {
            alarms.addAll(watch.compare(round.memory(), WatchMemory.open(other)));
        }
        round.news().forEach(this::tell);
        if (!alarms.isEmpty()) {
            // before anything is remembered: what was seen must not be lost
            alarm(alarms, file);
        }
        round.memory().write(file);
        if (alarms.isEmpty()) {
            output.tell(
                    new Row("looked", "", "", "", round.memory().size(), ""),
                    Arguments.when(device.clock.instant()) + " 異常なし（台帳 "
                            + round.memory().size() + " 件） / no alarm, "
                            + round.memory().size() + " entries of the ledger read");
        }
        return alarms.isEmpty();
    }

    private void tell(DirectoryWatch.News news) {
        var words = news.first() ? "鍵の登録 / keys entered" : "鍵の変更 / KEYS CHANGED";
        output.tell(
                new Row(
                        "news",
                        news.id().value(),
                        news.first() ? "keys-entered" : "keys-changed",
                        news.record().hex(),
                        news.index(),
                        words),
                "%s  %s%n  台帳の記録 / ledger entry %d: %s".formatted(news.id(), words, news.index(), news.record()));
    }

    private void alarm(List<WatchAlarm> alarms, Path file) throws Exception {
        Instant now = device.clock.instant();
        var name = "watch-evidence-" + now.toEpochMilli() + ".json";
        var target = evidence != null ? evidence : file.resolveSibling(name);
        WatchEvidence.of(now, alarms).write(target);
        for (var alarm : alarms) {
            var id = alarm.id().map(PersonId::value).orElse("");
            output.tell(
                    new Row(
                            "alarm",
                            id,
                            alarm.why().code(),
                            records(alarm),
                            -1,
                            alarm.why().english()),
                    "■ 警報 / ALARM  %s%n  %s%n  %s%n  code: %s%s"
                            .formatted(
                                    id,
                                    alarm.why().japanese(),
                                    alarm.why().english(),
                                    alarm.why().code(),
                                    records(alarm).isEmpty() ? "" : "\n  記録 / records: " + records(alarm)));
        }
        output.note("証拠 / evidence: " + target + " （mizuhiki directory verify で検証 / check it with that）");
    }

    private static String records(WatchAlarm alarm) {
        var shown = alarm.listings().stream().map(l -> l.record().digest().hex());
        var hidden = alarm.entries().stream().map(e -> e.entry().record().hex());
        return String.join(",", java.util.stream.Stream.concat(shown, hidden).toList());
    }
}
