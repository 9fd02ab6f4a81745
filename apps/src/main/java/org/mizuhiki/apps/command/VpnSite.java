package org.mizuhiki.apps.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.apps.role.Roles;
import org.mizuhiki.apps.role.RouterAnswers;
import org.mizuhiki.centre.RouterDesk.LogLine;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.State;
import org.mizuhiki.wire.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What an institution sees and does at its own access point, at the router itself: whether the centre
/// answers or not.
@Command(mixinStandardHelpOptions = true, footer = Exit.CODES)
abstract class VpnSite implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "この施設のVPN機器の設定ファイル / the configuration of this site's router")
    @SuppressWarnings("NullAway.Init")
    private Path config;

    @Mixin
    final Output output = new Output();

    String ask(String operation, Map<String, String> arguments) {
        return Roles.operateBy(config, operation, arguments);
    }

    /// Connections of now.
    @Command(
            name = "live",
            description = {
                "この施設の出入口で今つながっている接続（センターが止まっていても見える）",
                "Connections at this access point now (also while the centre is away)"
            })
    static final class Live extends VpnSite {
        @Override
        public Integer call() {
            var all = Json.readList(Bytes.utf8(ask("live", Map.of())), RouterAnswers.Line.class);
            output.noteIfNone(all);
            for (var c : all) {
                output.tell(
                        c,
                        "%s  %s → %s  %s  %s  %s まで / until  %s  in %,d B  out %,d B"
                                .formatted(
                                        c.connection(),
                                        c.asking(),
                                        c.asked(),
                                        c.service(),
                                        c.partner(),
                                        Arguments.when(c.until()),
                                        c.phase().map(State.Phase::name).orElse("-"),
                                        c.in(),
                                        c.out()));
            }
            var state = Json.read(Bytes.utf8(ask("state", Map.of())), RouterAnswers.Self.class);
            output.note(state.clock()
                    .map(t -> "時計 / clock: %+.3f s (±%.3f s, %s)%s"
                            .formatted(
                                    t.ahead().toNanos() / 1e9,
                                    t.within().toNanos() / 1e9,
                                    t.server(),
                                    t.tooFar() ? "  ずれています / OFF" : ""))
                    .orElse("時計 / clock: 時刻サーバーと比べていません / not compared with a time server"));
            output.note("センターに届いていない記録 / records that wait for the centre: " + state.waiting());
            state.refused()
                    .forEach(r -> output.note(
                            "センターが拒んだ記録 / records that the centre refused: %s #%d %s（署名した写しは機器に残る / the signed copy stays here）"
                                    .formatted(r.connection(), r.number(), r.code())));
            return Exit.OK;
        }
    }

    /// Who speaks with whom now.
    @Command(
            name = "table",
            description = {
                "この施設の出入口を今通っている通信の表（誰が誰と、何で、何バイト。中身は見ない）",
                "What passes this access point now: who, with whom, by what, how much; never what"
            })
    static final class Table extends VpnSite {
        @Override
        public Integer call() {
            var all = Json.readList(Bytes.utf8(ask("table", Map.of())), LogLine.class);
            output.noteIfNone(all);
            for (var l : all) {
                output.tell(
                        l,
                        "%s  %s → %s  %s/%d  %,d B"
                                .formatted(l.connection(), l.source(), l.target(), l.protocol(), l.port(), l.bytes()));
            }
            return Exit.OK;
        }
    }

    /// Ends one here and now.
    @Command(
            name = "cut",
            description = {
                "この施設の出入口で接続をただちに切る（センターが止まっていても切れる）",
                "Cut a connection at this access point at once (also while the centre is away)"
            })
    static final class Cut extends VpnSite {
        @Parameters(paramLabel = "CONNECTION", description = "接続の番号 / the connection")
        @SuppressWarnings("NullAway.Init")
        private String connection;

        /// A line of `--json`.
        record Done(String cut) {}

        @Override
        public Integer call() {
            ask("cut", Map.of("connection", connection));
            output.tell(new Done(connection), "切断しました。センターには届き次第伝わります / cut; the centre hears of it as soon as it can");
            return Exit.OK;
        }
    }

    /// What a system of the site saw.
    @Command(
            name = "hand-in",
            description = {
                "接続について施設のシステム自身が取った記録（発信元・アクセス先）を機器に渡す。機器が署名して届ける",
                "Give the router what a system of this site recorded itself, at the origin or where it was accessed;"
                        + " the router signs it and hands it in"
            })
    static final class HandIn extends VpnSite {
        private static final int LARGEST = 48 << 10;

        @Parameters(index = "0", paramLabel = "CONNECTION", description = "接続の番号 / the connection")
        @SuppressWarnings("NullAway.Init")
        private String connection;

        @Parameters(
                index = "1",
                paramLabel = "FILE",
                description = {
                    "JSONの配列、100行まで / a JSON array of at most 100 of:",
                    "{\"connection\":…, \"point\":\"ORIGIN\"|\"ACCESSED\", \"at\":…, \"source\":…, \"target\":…,"
                            + " \"protocol\":…, \"port\":…, \"bytes\":…}"
                })
        private @Nullable Path file;

        /// A line of `--json`.
        record Taken(String connection, int lines) {}

        @Override
        public Integer call() throws IOException {
            var from = java.util.Objects.requireNonNull(file);
            if (Files.size(from) > LARGEST) {
                throw Refusal.of("file-too-large", "一度に渡せるのは100行までです", "At most 100 lines at once");
            }
            var lines = Json.readList(Bytes.of(Files.readAllBytes(from)), LogLine.class);
            ask(
                    "hand-in",
                    Map.of("connection", connection, "lines", Json.write(lines).asUtf8()));
            output.tell(
                    new Taken(connection, lines.size()),
                    lines.size() + " 行を預かりました / lines are kept and will be signed");
            return Exit.OK;
        }
    }
}
