package org.mizuhiki.apps.command;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.centre.SubscriberDesk;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.Decision;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Connections: begun, ended, looked at.
final class VpnConnections {
    private VpnConnections() {}

    /// Asks for one.
    @Command(
            name = "connect",
            description = {"相手のVPN機器との接続を依頼する", "Ask for a connection to a partner's router"})
    static final class Connect extends CentreCommand {
        @Option(names = "--from", required = true, paramLabel = "ROUTER", description = "自院の機器 / own router")
        @SuppressWarnings("NullAway.Init")
        private String from;

        @Option(names = "--to", required = true, paramLabel = "ROUTER", description = "相手の機器 / the partner's router")
        @SuppressWarnings("NullAway.Init")
        private String to;

        @Option(names = "--service", required = true, description = "サービス名 / the service")
        @SuppressWarnings("NullAway.Init")
        private String service;

        @Option(names = "--minutes", defaultValue = "60", description = "希望する分数 / how long (${DEFAULT-VALUE})")
        private int minutes;

        @Option(
                names = "--instead",
                paramLabel = "CONNECTION",
                description = "この接続と取り替える / end this connection in its favour")
        private @Nullable String instead;

        @Option(
                names = "--technician",
                paramLabel = "PERSON",
                converter = Arguments.Person.class,
                description = "リモート保守の作業者 / who does the maintenance")
        private @Nullable PersonId technician;

        @Option(
                names = "--purpose",
                defaultValue = "inspection",
                description = "保守の目的 / what is done (${DEFAULT-VALUE})")
        @SuppressWarnings("NullAway.Init")
        private String purpose;

        @Option(
                names = "--at",
                paramLabel = "TIME",
                converter = Arguments.Time.class,
                description = "この時刻に始める（予約） / begin then (a booking)")
        private @Nullable Instant begins;

        @Override
        void with(AtCentre at) {
            if (minutes < 1 || minutes > 527_040) {
                throw Refusal.of("option-malformed", "分数は1〜527040で指定してください", "Minutes must be 1 to 527040");
            }
            var longest = Duration.ofMinutes(minutes);
            // a technician's own command is also the technician's own word
            if (at.self() instanceof Member.Professional self && self.id().equals(technician)) {
                var job = new VpnMaintenance.Job(self.id(), longest, purpose, nonce());
                VpnMaintenance.sign(at, from, to, service, job);
            }
            var wish = new SubscriberDesk.Wish(
                    from,
                    to,
                    service,
                    longest,
                    Optional.ofNullable(instead),
                    Optional.ofNullable(technician),
                    Optional.ofNullable(begins).map(b -> b.truncatedTo(ChronoUnit.SECONDS)));
            var outcome = at.desk().ask(wish, Optional.empty());
            outcome.refused().ifPresent(no -> {
                throw refusal(no);
            });
            output.tell(outcome, told(outcome));
        }
    }

    static String told(SubscriberDesk.Outcome outcome) {
        return switch (outcome.state()) {
            case CONNECTED ->
                "接続を指示しました / both routers were told: " + outcome.connection().orElse("");
            case BOOKED -> "予約しました / booked: " + outcome.request();
            case WAITING -> "承認を待っています / waits for a person: " + outcome.request() + " " + outcome.whom();
            case CANCELLED -> "取り消されました / taken back: " + outcome.request();
            case REFUSED ->
                outcome.refused()
                        .map(no -> "拒否 / refused: " + no.rule() + " (" + no.owner() + ") " + no.japanese())
                        .orElse("");
        };
    }

    /// What is booked.
    @Command(
            name = "bookings",
            description = {"予約の一覧", "What is booked"})
    static final class Bookings extends CentreCommand {
        @Override
        void with(AtCentre at) {
            var all = at.desk().bookings();
            output.noteIfNone(all);
            for (var b : all) {
                output.tell(
                        b,
                        "%s  %s → %s  %s  %s - %s  %s"
                                .formatted(
                                        b.request(),
                                        b.asking(),
                                        b.asked(),
                                        b.service(),
                                        Arguments.when(b.begins()),
                                        Arguments.when(b.ends()),
                                        b.state()));
            }
        }
    }

    /// Takes a booking back.
    @Command(
            name = "cancel",
            description = {"予約を取り消す", "Take a booking back"})
    static final class Cancel extends CentreCommand {
        @Parameters(paramLabel = "REQUEST", description = "予約の番号 / the booking", converter = Arguments.Name.class)
        @SuppressWarnings("NullAway.Init")
        private Digest request;

        @Override
        void with(AtCentre at) {
            at.desk().cancel(request);
            output.tell(new Cancelled(request), "予約を取り消しました / the booking was taken back");
        }

        /// A line of `--json`.
        record Cancelled(Digest cancelled) {}
    }

    /// The deciding rule and whose it is, in words.
    private static Refusal refusal(Decision.Refused no) {
        var whose =
                no.owner().isEmpty() ? "" : " (" + no.owner() + (no.named().isEmpty() ? "" : " " + no.named()) + ")";
        return Refusal.of(no.rule(), no.japanese() + whose, no.english() + whose);
    }

    /// Ends one.
    @Command(
            name = "disconnect",
            description = {"接続を切る", "End a connection"})
    static final class Disconnect extends CentreCommand {
        @Parameters(paramLabel = "CONNECTION", description = "接続の番号 / the connection")
        @SuppressWarnings("NullAway.Init")
        private String connection;

        @Override
        void with(AtCentre at) {
            at.desk().end(connection);
            output.tell(new Ended(connection), "切断を指示しました / both routers were told");
        }

        /// A line of `--json`.
        record Ended(String ended) {}
    }

    /// The live view.
    @Command(
            name = "list",
            description = {"動いている接続の一覧", "Connections that run"})
    static final class Running extends CentreCommand {
        @Override
        void with(AtCentre at) {
            var all = at.desk().connections();
            output.noteIfNone(all);
            for (var c : all) {
                output.tell(
                        c,
                        "%s  %s → %s  %s  %s まで / until  %s"
                                .formatted(
                                        c.connection(),
                                        c.asking(),
                                        c.asked(),
                                        c.service(),
                                        Arguments.when(c.until()),
                                        c.askingUp().isPresent() && c.askedUp().isPresent()
                                                ? "接続中 up"
                                                : "準備中 coming up"));
            }
        }
    }
}
