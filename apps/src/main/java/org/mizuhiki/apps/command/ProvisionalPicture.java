package org.mizuhiki.apps.command;

import java.nio.file.Path;
import org.mizuhiki.house.Digest;
import org.mizuhiki.pocket.Pocket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The supervisor, or the patient, looks at the picture.
@Command(
        name = "picture",
        description = {
            "2ショット写真を開く（監督者と本人だけ。開いたことは記録される）",
            "Open the picture of a registration: for its supervisor and the patient; the opening is recorded"
        })
final class ProvisionalPicture extends PocketCommand {
    @Parameters(paramLabel = "PICTURE", description = "写真の識別子 / the picture's name", converter = Arguments.Name.class)
    @SuppressWarnings("NullAway.Init")
    private Digest picture;

    @Option(names = "--to", required = true, paramLabel = "FILE", description = "保存先 / where to save it")
    @SuppressWarnings("NullAway.Init")
    private Path to;

    /// A line of `--json`.
    record Done(String patient, String registrar, String type, String file) {}

    @Override
    void with(Pocket pocket) throws Exception {
        var shown = pocket.twoShots().open(picture);
        LetterOpen.write(to, shown.picture());
        var registrar = shown.registrar();
        output.tell(
                new Done(shown.statement().patient().value(), registrar.id().value(), shown.type(), to.toString()),
                shown.statement().patient() + "  登録者 / by " + registrar.name() + " (" + registrar.institutionName()
                        + ")  " + to);
    }
}
