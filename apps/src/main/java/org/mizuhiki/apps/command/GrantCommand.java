package org.mizuhiki.apps.command;

import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.Grants.Grant;
import org.mizuhiki.pocket.Pocket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lateral grants.
@Command(
        name = "grant",
        description = {"横認証（ほかの医療従事者に文書を開く）", "Lateral grants: open a letter to another professional"},
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {GrantCommand.Give.class, GrantEpisode.class, GrantCommand.Revoke.class, GrantCommand.Show.class})
public final class GrantCommand {
    /// A line of `--json`.
    record Row(
            String grant,
            String state,
            String letter,
            String by,
            String reader,
            String purpose,
            String until,
            int onward,
            String under) {
        static Row of(Grant g) {
            var s = g.statement();
            return new Row(
                    g.id().hex(),
                    g.state().name(),
                    s.letter().hex(),
                    s.by().value(),
                    s.reader().value(),
                    s.purpose(),
                    Arguments.when(s.until()),
                    s.onward(),
                    s.under().map(Digest::hex).orElse(""));
        }
    }

    /// A line of `--json`.
    record Done(String grant) {}

    /// Gives one.
    @Command(
            name = "give",
            description = {
                "自分が作成した文書（または転送を許された文書）を、ほかの医療従事者に開く",
                "Open a letter of one's own, or one that may be passed on, to another professional"
            })
    static final class Give extends PocketCommand {
        @Parameters(
                index = "0",
                paramLabel = "LETTER",
                description = "文書の識別子 / the letter's name",
                converter = Arguments.Name.class)
        @SuppressWarnings("NullAway.Init")
        private Digest letter;

        @Parameters(
                index = "1",
                paramLabel = "READER",
                description = "相手の個人ID / the reader's ID",
                converter = Arguments.Person.class)
        @SuppressWarnings("NullAway.Init")
        private PersonId reader;

        @Option(
                names = "--days",
                defaultValue = "30",
                description = "有効日数（90まで） / days it lasts, at most 90 (${DEFAULT-VALUE})")
        private int days;

        @Option(names = "--purpose", defaultValue = "referral", description = "目的 / purpose (${DEFAULT-VALUE})")
        @SuppressWarnings("NullAway.Init")
        private String purpose;

        @Option(
                names = "--onward",
                defaultValue = "0",
                description = "相手がさらに転送できる回数（0〜2） / how often it may be passed on, 0 to 2 (${DEFAULT-VALUE})")
        private int onward;

        @Override
        void with(Pocket pocket) throws Exception {
            if (onward < 0 || onward > LateralGrant.MOST_ONWARD) {
                throw Refusal.of("option-malformed", "--onward は0〜2で指定してください", "--onward is a number from 0 to 2");
            }
            var id = pocket.grants().give(letter, reader, Arguments.days(days), purpose, onward);
            output.tell(new Done(id.hex()), "横認証しました / granted: " + id);
        }
    }

    /// Takes one back.
    @Command(
            name = "revoke",
            description = {"横認証を取り消す（すでに読まれたものは戻らない）", "Take a grant back; what was read was read"})
    static final class Revoke extends PocketCommand {
        @Parameters(paramLabel = "GRANT", description = "横認証の識別子 / the grant's name", converter = Arguments.Name.class)
        @SuppressWarnings("NullAway.Init")
        private Digest grant;

        @Option(names = "--reason", defaultValue = "revoked", description = "理由 / why")
        @SuppressWarnings("NullAway.Init")
        private String reason;

        @Override
        void with(Pocket pocket) throws Exception {
            pocket.grants().revoke(grant, reason);
            output.tell(new Done(grant.hex()), "取り消しました / revoked");
        }
    }

    /// Lists.
    @Command(
            name = "list",
            description = {"自分に関わる横認証の一覧", "Grants given, got, or about one's letters"})
    static final class Show extends PocketCommand {
        @Override
        void with(Pocket pocket) throws Exception {
            var all = pocket.grants().list();
            output.noteIfNone(all);
            var names = new Names(pocket);
            for (var grant : all) {
                var row = Row.of(grant);
                output.tell(
                        row,
                        "%-8s %s%n         文書 letter %s%n         %s → %s  %s  %s"
                                .formatted(
                                        row.state,
                                        row.grant,
                                        row.letter,
                                        names.of(grant.statement().by()),
                                        names.of(grant.statement().reader()),
                                        row.purpose,
                                        row.until));
            }
        }
    }
}
