package org.mizuhiki.apps.command;

import org.mizuhiki.house.PersonId;
import org.mizuhiki.pocket.Pocket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// The patient's veto.
@Command(
        name = "veto",
        description = {
            "患者が、特定の人に自分の文書を開かせない（すでに読まれたものは戻らない）",
            "A patient bars somebody from all letters about the patient; what was read was read"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {VetoCommand.Bar.class, VetoCommand.Lift.class, VetoCommand.Show.class})
public final class VetoCommand {
    /// A line of `--json`.
    record Row(String veto, String bars, String since) {}

    /// Bars.
    @Command(
            name = "bar",
            description = {"その人への横認証をすべて終わらせ、新しいものも止める", "End all grants to somebody, and refuse new ones"})
    static final class Bar extends PocketCommand {
        @Parameters(paramLabel = "PERSON", description = "相手の個人ID / whom", converter = Arguments.Person.class)
        @SuppressWarnings("NullAway.Init")
        private PersonId person;

        @Override
        void with(Pocket pocket) throws Exception {
            var id = pocket.vetoes().bar(person);
            output.tell(new Row(id.hex(), person.value(), ""), "今後は開けません / barred: " + person);
        }
    }

    /// Takes it back.
    @Command(
            name = "lift",
            description = {"拒否をやめる（終わった横認証は戻らない）", "Take a veto back; grants that it ended stay ended"})
    static final class Lift extends PocketCommand {
        @Parameters(paramLabel = "PERSON", description = "相手の個人ID / whom", converter = Arguments.Person.class)
        @SuppressWarnings("NullAway.Init")
        private PersonId person;

        @Override
        void with(Pocket pocket) throws Exception {
            pocket.vetoes().lift(person);
            output.tell(new Row("", person.value(), ""), "拒否をやめました / lifted: " + person);
        }
    }

    /// Lists.
    @Command(
            name = "list",
            description = {"拒否している相手の一覧", "Whom one bars"})
    static final class Show extends PocketCommand {
        @Override
        void with(Pocket pocket) throws Exception {
            var all = pocket.vetoes().list();
            output.noteIfNone(all);
            var names = new Names(pocket);
            all.forEach(v -> {
                var since = Arguments.when(v.since());
                output.tell(new Row(v.id().hex(), v.bars().value(), since), since + "  " + names.of(v.bars()));
            });
        }
    }
}
