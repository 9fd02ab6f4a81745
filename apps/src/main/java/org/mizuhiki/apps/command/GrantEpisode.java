package org.mizuhiki.apps.command;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.pocket.Episodes;
import org.mizuhiki.pocket.Pocket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Several letters of one patient at once.
@Command(
        name = "give-episode",
        description = {
            "患者について自分が作成した文書のうち、この傷病・この期間のものを、ほかの医療従事者に開く（これから書くものは含まない）",
            "Open one's own letters about a patient, of a problem or a time, to another professional; none that is yet to come"
        })
final class GrantEpisode extends PocketCommand {
    @Parameters(
            index = "0",
            paramLabel = "PATIENT",
            description = "患者の個人ID / the patient's ID",
            converter = Arguments.Person.class)
    @SuppressWarnings("NullAway.Init")
    private PersonId patient;

    @Parameters(
            index = "1",
            paramLabel = "READER",
            description = "相手の個人ID / the reader's ID",
            converter = Arguments.Person.class)
    @SuppressWarnings("NullAway.Init")
    private PersonId reader;

    @Option(
            names = "--problem",
            paramLabel = "CODE",
            description = "この傷病名コードの文書だけ（文書を自分の端末で開いて確かめる） / letters with this problem's code only")
    private @Nullable String problem;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "この時以後に作成した文書 / written then or later",
            converter = Arguments.Time.class)
    private @Nullable Instant since;

    @Option(
            names = "--before",
            paramLabel = "TIME",
            description = "この時より前に作成した文書 / written before",
            converter = Arguments.Time.class)
    private @Nullable Instant before;

    @Option(
            names = "--days",
            defaultValue = "30",
            description = "有効日数（90まで） / days it lasts, at most 90 (${DEFAULT-VALUE})")
    private int days;

    @Option(names = "--purpose", defaultValue = "referral", description = "目的 / purpose (${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init")
    private String purpose;

    @Override
    void with(Pocket pocket) throws Exception {
        var scope = new Episodes.Scope(
                patient, Optional.ofNullable(problem), Optional.ofNullable(since), Optional.ofNullable(before));
        for (var grant : pocket.episodes().give(scope, reader, Arguments.days(days), purpose)) {
            output.tell(new GrantCommand.Done(grant.hex()), "横認証しました / granted: " + grant);
        }
    }
}
