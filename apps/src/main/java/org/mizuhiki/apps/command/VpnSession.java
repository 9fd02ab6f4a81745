package org.mizuhiki.apps.command;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.centre.SessionDesk;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Several sites in one consultation.
@Command(
        name = "session",
        description = {"多地点接続（開始・参加・退出・終了・一覧）", "Several sites in one consultation: open, join, leave, end, list"},
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {
            VpnSession.Open.class,
            VpnSession.Join.class,
            VpnSession.Leave.class,
            VpnSession.End.class,
            VpnSession.Sessions.class
        })
final class VpnSession {
    private VpnSession() {}

    /// Of a session, and each pair with what became of it.
    abstract static class Telling extends CentreCommand {
        final void tell(SessionDesk.Session s) {
            var text = new StringBuilder("%s  %s  %s  %s まで / until"
                    .formatted(s.session(), s.convener(), s.service(), Arguments.when(s.until())));
            for (var p : s.pairs()) {
                text.append("\n  %s → %s  %s"
                        .formatted(
                                p.asking(),
                                p.asked(),
                                p.outcome().connection().isPresent() && !p.running()
                                        ? "終了 ended"
                                        : VpnConnections.told(p.outcome())));
            }
            output.tell(s, text.toString());
        }
    }

    /// Opens one.
    @Command(
            name = "open",
            description = {"多地点接続を始める", "Open a session"})
    static final class Open extends Telling {
        @Option(
                names = "--from",
                required = true,
                paramLabel = "ROUTER",
                description = "主催者の機器 / the convener's router")
        @SuppressWarnings("NullAway.Init")
        private String from;

        @Option(
                names = "--to",
                required = true,
                split = ",",
                paramLabel = "ROUTER",
                description = "参加する機器（複数可） / routers that are invited")
        @SuppressWarnings("NullAway.Init")
        private List<String> to;

        @Option(names = "--service", required = true, description = "サービス名 / the service")
        @SuppressWarnings("NullAway.Init")
        private String service;

        @Option(names = "--minutes", defaultValue = "60", description = "希望する分数 / how long (${DEFAULT-VALUE})")
        private int minutes;

        @Override
        void with(AtCentre at) {
            var wish = new SessionDesk.SessionWish(from, service, to, Duration.ofMinutes(minutes));
            tell(at.sessions().open(wish, Optional.empty()));
        }
    }

    /// Takes one more in, or connects an own router with all others.
    @Command(
            name = "join",
            description = {"参加する（主催者: 招く）", "Join (convener: invite)"})
    static final class Join extends Telling {
        @Parameters(index = "0", paramLabel = "SESSION", description = "多地点接続の番号 / the session")
        @SuppressWarnings("NullAway.Init")
        private String session;

        @Parameters(index = "1", paramLabel = "ROUTER", description = "参加する機器 / the router")
        @SuppressWarnings("NullAway.Init")
        private String router;

        @Override
        void with(AtCentre at) {
            tell(at.sessions().join(session, router, Optional.empty()));
        }
    }

    /// Takes one out.
    @Command(
            name = "leave",
            description = {"退出する（ほかの拠点は続く）", "Leave; the others go on"})
    static final class Leave extends CentreCommand {
        @Parameters(index = "0", paramLabel = "SESSION", description = "多地点接続の番号 / the session")
        @SuppressWarnings("NullAway.Init")
        private String session;

        @Parameters(index = "1", paramLabel = "ROUTER", description = "退出する機器 / the router")
        @SuppressWarnings("NullAway.Init")
        private String router;

        @Override
        void with(AtCentre at) {
            at.sessions().leave(session, router);
            output.tell(new Left(session, router), "退出しました / left");
        }

        /// A line of `--json`.
        record Left(String session, String left) {}
    }

    /// Ends one.
    @Command(
            name = "end",
            description = {"多地点接続を終える", "End a session"})
    static final class End extends CentreCommand {
        @Parameters(paramLabel = "SESSION", description = "多地点接続の番号 / the session")
        @SuppressWarnings("NullAway.Init")
        private String session;

        @Override
        void with(AtCentre at) {
            at.sessions().end(session);
            output.tell(new Ended(session), "終了を指示しました / all routers were told");
        }

        /// A line of `--json`.
        record Ended(String ended) {}
    }

    /// Those that are open.
    @Command(
            name = "list",
            description = {"多地点接続の一覧", "Open sessions"})
    static final class Sessions extends Telling {
        @Override
        void with(AtCentre at) {
            var all = at.sessions().sessions();
            output.noteIfNone(all);
            all.forEach(this::tell);
        }
    }
}
