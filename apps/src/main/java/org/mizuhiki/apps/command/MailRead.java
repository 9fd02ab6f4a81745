package org.mizuhiki.apps.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Open a mail, check it, and say what is to be thought of it.
@Command(
        name = "read",
        description = {"メールを開いて確かめ、説明を付けて示す", "Open a mail, check it, and say what is to be thought of it"})
final class MailRead extends MailVerb {
    @Parameters(paramLabel = "NUMBER")
    private long number;

    @Option(names = "--into", paramLabel = "DIR", description = "添付の保存先 / where to save files")
    private @Nullable Path into;

    @Option(names = "--original", paramLabel = "FILE", description = "届いたままを保存 / save it as it came")
    private @Nullable Path original;

    /// A line of `--json`.
    record Row(
            long number,
            String from,
            String subject,
            String closed,
            String signature,
            String japanese,
            String english,
            List<String> notes,
            String text,
            List<String> files) {}

    @Override
    int with(MailSession session) throws Exception {
        var mail = session.mail().read(number);
        var files = new ArrayList<String>();
        if (into != null) {
            var folder = Files.createDirectories(into);
            for (var file : mail.files()) {
                files.add(Files.write(
                                folder.resolve(file.name()), file.content().toArray(), StandardOpenOption.CREATE_NEW)
                        .toString());
            }
        }
        if (original != null) {
            Files.write(original, session.mail().original(number).toArray(), StandardOpenOption.CREATE_NEW);
            files.add(original.toString());
        }
        var row = new Row(
                number,
                mail.from(),
                mail.subject(),
                mail.closed().orElse(""),
                mail.signature().code(),
                mail.signature().japanese(),
                mail.signature().english(),
                mail.notes().stream()
                        .map(n -> n.japanese() + " / " + n.english())
                        .toList(),
                mail.text(),
                files);
        output.tell(
                row,
                mail.explained() + "----\n差出人 / from: " + mail.from() + "\n件名 / subject: " + mail.subject() + "\n\n"
                        + Terminal.plain(mail.text()) + "\n" + String.join("\n", files));
        return Exit.OK;
    }
}
