package org.mizuhiki.apps.command;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mizuhiki.house.Digest;
import org.mizuhiki.pocket.Region;
import org.mizuhiki.registration.ActProofs;
import org.mizuhiki.registration.Case;
import org.mizuhiki.registration.Kind;
import org.mizuhiki.registration.Licence;
import org.mizuhiki.registration.Party;
import org.mizuhiki.registration.Registry;
import org.mizuhiki.registration.SignedAct;
import org.mizuhiki.trust.Member;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Reading.
final class RegisterLook {
    private RegisterLook() {}

    private static String english(String state) {
        return state.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String step(Kind kind) {
        return (kind.letter().isEmpty() ? "" : kind.letter() + ") ") + kind.japanese() + " / " + kind.english();
    }

    /// One file.
    @Command(
            name = "show",
            description = {
                "手続きの全記録（署名・つながり・台帳の証明をこの端末で検証する）",
                "All acts of a file; signatures, chain and ledger proofs are checked on this device"
            })
    static final class Show extends PartyCommand {
        @Parameters(paramLabel = "FILE", description = "手続き番号 / the file's name", converter = Arguments.Name.class)
        @SuppressWarnings("NullAway.Init")
        private Digest file;

        /// A line of `--json` for each act.
        record ActRow(
                String act,
                String kind,
                String letter,
                String by,
                String signer,
                String name,
                String at,
                String ledger) {}

        @Override
        void with(Party party, Region region) {
            var papers = party.papers(file);
            var proofs = new ActProofs(
                    region.ledger(), region.evidenceCheck(), region.trust().log(), this.party.clock());
            for (var signed : papers) {
                var row = row(signed, proofs);
                output.tell(
                        row,
                        "%s  %s%n    %s %s  %s  台帳 / ledger: %s"
                                .formatted(
                                        Arguments.when(signed.act().at()),
                                        step(signed.act().kind()),
                                        row.by,
                                        row.name,
                                        row.signer,
                                        row.ledger));
            }
            if (papers.getFirst().act().kind() != Kind.ACCREDITATION_APPLICATION) {
                output.note(standing(party));
            }
        }

        /// An act of a moment ago may be on its way into the ledger.
        private static ActRow row(SignedAct signed, ActProofs proofs) {
            var act = signed.act();
            return new ActRow(
                    act.id().hex(),
                    act.kind().text(),
                    act.kind().letter(),
                    act.by().value(),
                    act.signer(),
                    name(signed.signer()),
                    act.at().toString(),
                    proofs.enteredBy(signed).map(Instant::toString).orElse("-"));
        }

        private static String name(Member signer) {
            return signer instanceof Member.Professional p
                    ? p.name() + " (" + p.institutionName() + ")"
                    : Arguments.who(signer);
        }

        private String standing(Party party) {
            var now = party.look(file);
            var text = new StringBuilder("状態 / state: " + now.state().japanese() + " / "
                    + english(now.state().name()));
            now.turns().forEach(t -> text.append("%n  次 / next: %s %s".formatted(t.by(), step(t.kind()))));
            return text.toString();
        }
    }

    /// One's files.
    @Command(
            name = "list",
            description = {"自分の機関の手続きの一覧", "Files of one's institution"})
    static final class All extends PartyCommand {
        /// A line of `--json`.
        record FileRow(String file, boolean accreditation, String opener, String state, String opened) {}

        @Override
        void with(Party party, Region region) {
            var all = party.registry().files();
            output.noteIfNone(all);
            for (var f : all) {
                output.tell(
                        new FileRow(
                                f.file().hex(),
                                f.accreditation(),
                                f.opener().value(),
                                f.state(),
                                f.opened().toString()),
                        "%s  %s  %s %s".formatted(f.file(), inWords(f), f.opener(), Arguments.when(f.opened())));
            }
        }

        /// As it came, if a newer server knows more states than this device.
        private static String inWords(Registry.Summary file) {
            var japanese = file.accreditation()
                    ? words(Licence.State.values(), Licence.State::japanese)
                    : words(Case.State.values(), Case.State::japanese);
            return japanese.getOrDefault(file.state(), file.state()) + " / " + english(file.state());
        }

        private static <S extends Enum<S>> Map<String, String> words(S[] states, Function<S, String> japanese) {
            return Stream.of(states).collect(Collectors.toMap(Enum::name, japanese));
        }
    }

    /// What waits.
    @Command(
            name = "waiting",
            description = {"自分の機関の番になっている手続き", "What waits for one's institution"})
    static final class Waiting extends PartyCommand {
        /// A line of `--json`.
        record TurnRow(String file, String kind, String letter, String opener, String opened) {}

        @Override
        void with(Party party, Region region) {
            var all = party.registry().waiting();
            output.noteIfNone(all);
            for (var w : all) {
                output.tell(
                        new TurnRow(
                                w.file().hex(),
                                w.kind().text(),
                                w.kind().letter(),
                                w.opener().value(),
                                w.opened().toString()),
                        "%s  %s  %s".formatted(w.file(), step(w.kind()), w.opener()));
            }
        }
    }
}
