package org.mizuhiki.apps.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.mizuhiki.apps.role.Folders;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.pocket.Pocket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// A letter of one's own for another ID of the same patient.
@Command(
        name = "again",
        description = {
            "自分の文書を、同じ患者の新しいIDのために封緘し直して送る（前のIDが失効したとき）",
            "Seal a letter of one's own again, bit for bit, for another ID of the same patient, and send it"
        })
final class LetterAgain extends PocketCommand {
    @Parameters(paramLabel = "LETTER", description = "文書の識別子 / the letter's name", converter = Arguments.Name.class)
    @SuppressWarnings("NullAway.Init")
    private Digest letter;

    @Option(
            names = "--patient",
            required = true,
            description = "患者の新しい個人ID / the patient's new ID",
            converter = Arguments.Person.class)
    @SuppressWarnings("NullAway.Init")
    private PersonId patient;

    /// A line of `--json`.
    record Done(String letter, String patient) {}

    @Override
    void with(Pocket pocket) throws Exception {
        var own = pocket.reading().open(letter, "reseal");
        // attachments lie in the clear for this moment, for their owner only
        Path open = Files.createTempDirectory(
                "reseal", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try {
            var files = pocket.reading().save(own, open);
            var draft = pocket.post().again(own, patient, files);
            var sent = pocket.post().send(draft.id());
            output.tell(
                    new Done(sent.letter().hex(), patient.value()),
                    "封緘し直して送りました / sealed again and sent: " + sent.letter());
        } finally {
            Folders.clear(open);
        }
    }
}
