package org.mizuhiki.apps.command;

import org.mizuhiki.consent.Statement;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.pocket.Notices.Notice;
import org.mizuhiki.pocket.Pocket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What others said that concerns oneself.
@Command(
        name = "notice",
        description = {"自分に関するお知らせ", "What others said that concerns oneself"},
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = NoticeCommand.Show.class)
public final class NoticeCommand {
    /// A line of `--json`.
    record Row(long number, boolean fresh, String kind, String at, String by, String whom, String letter) {
        static Row of(Notice n) {
            return new Row(
                    n.number(),
                    n.fresh(),
                    n.statement().map(Statement::kind).orElse("broken"),
                    n.at().map(Arguments::when).orElse(""),
                    n.statement().map(s -> s.by().value()).orElse(""),
                    n.whom().map(PersonId::value).orElse(""),
                    n.letter().map(Digest::hex).orElse(""));
        }
    }

    /// Lists.
    @Command(
            name = "list",
            description = {
                "認証・文書・横認証・開封・拒否・取り消し・仮登録のお知らせ（＊は新着）。署名はこの端末で確かめる",
                "Relations, letters, grants, openings, vetoes, endings, registrations (* is new); checked on this device"
            })
    static final class Show extends PocketCommand {
        @Option(names = "--new", description = "新着だけ / only what is new")
        private boolean fresh;

        @Override
        void with(Pocket pocket) throws Exception {
            var all = pocket.notices().list();
            var shown = all.stream().filter(n -> !fresh || n.fresh()).toList();
            output.noteIfNone(shown);
            var names = new Names(pocket);
            shown.forEach(n -> output.tell(Row.of(n), line(n, names)));
            pocket.notices().markSeen(all);
        }

        private static String line(Notice n, Names names) {
            var mark = n.fresh() ? "＊ " : "   ";
            if (n.doubt().isPresent()) {
                return mark + "確かめられない申告 / a statement that does not hold: " + n.number() + " "
                        + n.doubt().get().code();
            }
            var statement = n.statement().orElseThrow();
            var about =
                    n.letter().map(l -> "  " + l.hex().substring(0, 12) + "…").orElse("");
            return mark + Arguments.when(statement.at()) + "  " + names.of(statement.by()) + "  " + words(statement)
                    + n.whom().map(w -> " " + names.of(w)).orElse("") + about;
        }

        private static String words(Statement statement) {
            return switch (statement) {
                case Statement.CareRelation _ -> "認証 / care relation";
                case Statement.LetterSealed _ -> "文書を保存 / letter sealed";
                case Statement.LetterResealed _ -> "新しい鍵へ封緘し直し / sealed again for new keys";
                case Statement.LateralGrant g ->
                    "横認証 / grant" + (g.under().isPresent() ? "（転送 / passed on）" : "") + " →";
                case Statement.Revocation r -> "取り消し / ended: " + r.reason();
                case Statement.Disclosure d -> "開封 / opened: " + d.purpose();
                case Statement.Veto _ -> "開示の拒否 / barred";
                case Statement.VetoLifted _ -> "拒否の終了 / veto lifted";
                case Statement.EmergencyAccess _ -> "緊急時の許可 / allowed for emergencies";
                case Statement.EmergencyOpening o -> "緊急開示 / EMERGENCY: " + o.reason() + " @" + o.institution();
                case Statement.ProvisionalRegistration _ -> "仮登録 / provisional registration";
                case Statement.ProvisionalConfirmation _ -> "仮登録の確認 / registration confirmed";
            };
        }
    }
}
