package org.mizuhiki.apps.command;

import org.mizuhiki.house.PersonId;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.pocket.Relations.Relation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Care relations.
@Command(
        name = "relation",
        description = {"認証（医師と患者の関係）を申し出る・承認する・終える", "Care relations between professional and patient"},
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {
            RelationCommand.Propose.class,
            RelationCommand.Accept.class,
            RelationCommand.End.class,
            RelationCommand.Show.class
        })
public final class RelationCommand {
    /// A line of `--json`.
    record Row(String professional, String patient, String state, String until) {
        static Row of(Relation r) {
            return new Row(
                    r.professional().value(), r.patient().value(), r.state().name(), Arguments.when(r.until()));
        }
    }

    /// A line of `--json`.
    record Done(String statement) {}

    /// The professional's half.
    @Command(
            name = "propose",
            description = {"医療従事者が患者に認証を申し出る", "A professional proposes a care relation to a patient"})
    static final class Propose extends PocketCommand {
        @Parameters(
                paramLabel = "PATIENT",
                description = "患者の個人ID / the patient's ID",
                converter = Arguments.Person.class)
        @SuppressWarnings("NullAway.Init")
        private PersonId patient;

        @Option(names = "--days", defaultValue = "365", description = "有効日数 / days it lasts (${DEFAULT-VALUE})")
        private int days;

        @Override
        void with(Pocket pocket) throws Exception {
            var id = pocket.relations().propose(patient, Arguments.days(days));
            output.tell(new Done(id.hex()), "申し出ました。患者の承認を待ちます / proposed, waiting for the patient: " + id);
        }
    }

    /// The patient's half.
    @Command(
            name = "accept",
            description = {"患者が認証の申し出を承認する", "A patient accepts a professional's proposal"})
    static final class Accept extends PocketCommand {
        @Parameters(
                paramLabel = "PROFESSIONAL",
                description = "医療従事者の個人ID / the professional's ID",
                converter = Arguments.Person.class)
        @SuppressWarnings("NullAway.Init")
        private PersonId professional;

        @Override
        void with(Pocket pocket) throws Exception {
            var id = pocket.relations().accept(professional);
            output.tell(new Done(id.hex()), "承認しました。認証が成立しました / accepted, the relation stands: " + id);
        }
    }

    /// Ends or declines.
    @Command(
            name = "end",
            description = {"認証を終える、または申し出を断る", "End a care relation, or decline a proposal"})
    static final class End extends PocketCommand {
        @Parameters(paramLabel = "PERSON", description = "相手の個人ID / the other's ID", converter = Arguments.Person.class)
        @SuppressWarnings("NullAway.Init")
        private PersonId other;

        @Option(names = "--reason", defaultValue = "ended", description = "理由（相手にも見える） / why; the other sees it")
        @SuppressWarnings("NullAway.Init")
        private String reason;

        @Override
        void with(Pocket pocket) throws Exception {
            pocket.relations().end(other, reason);
            output.tell(new Done(other.value()), "終了しました / ended");
        }
    }

    /// Lists.
    @Command(
            name = "list",
            description = {"自分の認証の一覧", "One's care relations"})
    static final class Show extends PocketCommand {
        @Override
        void with(Pocket pocket) throws Exception {
            var all = pocket.relations().list();
            output.noteIfNone(all);
            var names = new Names(pocket);
            for (var relation : all) {
                var row = Row.of(relation);
                output.tell(
                        row,
                        "%-9s %s → %s  %s"
                                .formatted(row.state, names.of(relation.professional()), row.patient, row.until));
            }
        }
    }
}
