package org.mizuhiki.apps.command;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.Delegations.Scope;
import org.mizuhiki.pocket.Pocket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Delegates: family members, information banks.
@Command(
        name = "delegate",
        description = {
            "家族や情報銀行に、自分の文書を期限つきで読ませる（いつでも取り消せ、転送はできない）",
            "Let a family member or an information bank read one's letters for a time; revocable, never passed on"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {
            DelegateCommand.Add.class,
            DelegateCommand.Follow.class,
            DelegateCommand.Remove.class,
            DelegateCommand.Show.class
        })
public final class DelegateCommand {
    /// A line of `--json`.
    record Row(String delegate, String scope, int letters, String until) {}

    /// A line of `--json`.
    record Done(int grants) {}

    /// Adds one, or adds to what one may read.
    @Command(
            name = "add",
            description = {"代理人を決める", "Name a delegate"})
    static final class Add extends PocketCommand {
        @Parameters(paramLabel = "PERSON", description = "相手の個人ID / whom", converter = Arguments.Person.class)
        @SuppressWarnings("NullAway.Init")
        private PersonId person;

        @Option(names = "--everything", description = "すべて（これから届くものも） / all, and what comes")
        private boolean everything;

        @Option(
                names = "--letter",
                paramLabel = "LETTER",
                description = "この文書だけ（繰り返し可） / this letter; may be repeated",
                converter = Arguments.Name.class)
        private List<Digest> letters = List.of();

        @Option(
                names = "--author",
                paramLabel = "PERSON",
                description = "この人が作成した文書 / letters of this author",
                converter = Arguments.Person.class)
        private @Nullable PersonId author;

        @Option(
                names = "--since",
                paramLabel = "TIME",
                description = "この時以後に届いた文書 / letters that came then or later",
                converter = Arguments.Time.class)
        private @Nullable Instant since;

        @Option(
                names = "--before",
                paramLabel = "TIME",
                description = "この時より前に届いた文書 / letters that came before",
                converter = Arguments.Time.class)
        private @Nullable Instant before;

        @Option(
                names = "--days",
                defaultValue = "30",
                description = "有効日数（90まで） / days it lasts, at most 90 (${DEFAULT-VALUE})")
        private int days;

        @Override
        void with(Pocket pocket) throws Exception {
            var given = pocket.delegations().add(person, scope(), Arguments.days(days));
            output.tell(new Done(given.size()), "委任しました / opened: " + given.size());
        }

        private Scope scope() {
            boolean some = author != null || since != null || before != null;
            int said = (everything ? 1 : 0) + (letters.isEmpty() ? 0 : 1) + (some ? 1 : 0);
            if (said != 1) {
                throw Refusal.of(
                        "option-malformed",
                        "範囲を一つ決めてください: --everything、--letter、または --author・--since・--before",
                        "Say one scope: --everything, or --letter, or --author, --since and --before");
            }
            if (everything) {
                return new Scope.Everything();
            }
            return some
                    ? new Scope.Some(
                            Optional.ofNullable(author), Optional.ofNullable(since), Optional.ofNullable(before))
                    : new Scope.Letters(letters);
        }
    }

    /// New letters for those who may read everything.
    @Command(
            name = "follow",
            description = {
                "「すべて」を委任した相手に、新しく届いた文書も開く（定期的に実行）",
                "Open letters that came since to delegates of everything; run it now and then"
            })
    static final class Follow extends PocketCommand {
        @Override
        void with(Pocket pocket) throws Exception {
            var given = pocket.delegations().follow();
            output.tell(new Done(given.size()), "新しく開きました / opened: " + given.size());
        }
    }

    /// Ends.
    @Command(
            name = "remove",
            description = {"委任をすべてやめる（すでに読まれたものは戻らない）", "End all that is delegated to somebody"})
    static final class Remove extends PocketCommand {
        @Parameters(paramLabel = "PERSON", description = "相手の個人ID / whom", converter = Arguments.Person.class)
        @SuppressWarnings("NullAway.Init")
        private PersonId person;

        @Override
        void with(Pocket pocket) throws Exception {
            int ended = pocket.delegations().remove(person);
            output.tell(new Done(ended), "委任をやめました / ended: " + ended);
        }
    }

    /// Lists.
    @Command(
            name = "list",
            description = {"委任している相手の一覧", "One's delegates"})
    static final class Show extends PocketCommand {
        @Override
        void with(Pocket pocket) throws Exception {
            var all = pocket.delegations().list();
            output.noteIfNone(all);
            var names = new Names(pocket);
            all.forEach(d -> {
                var scope = d.everything() ? "everything" : "some";
                var row = new Row(d.delegate().value(), scope, d.grants().size(), Arguments.when(d.until()));
                output.tell(
                        row,
                        "%s  %s  %d通 letters  〜%s"
                                .formatted(
                                        names.of(d.delegate()),
                                        d.everything() ? "すべて everything" : "一部 some",
                                        d.grants().size(),
                                        row.until));
            });
        }
    }
}
