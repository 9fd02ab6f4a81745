package org.mizuhiki.apps.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.mail.NewMail;
import org.mizuhiki.mail.ReadMail;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Sign a mail, encrypt it for its recipient, and send it.
@Command(
        name = "send",
        description = {"署名し、相手の証明書で暗号化して送る", "Sign a mail, encrypt it for its recipient, and send it"})
final class MailSend extends MailVerb {
    private static final long MOST = 16 << 20;

    @Option(names = "--to", required = true, paramLabel = "ADDRESS", description = "宛先 / recipient")
    @SuppressWarnings("NullAway.Init")
    private String to;

    @Option(names = "--subject", required = true, description = "件名（暗号化される） / subject; it travels encrypted")
    @SuppressWarnings("NullAway.Init")
    private String subject;

    @Option(names = "--text", required = true, paramLabel = "FILE", description = "本文（UTF-8） / text, UTF-8")
    @SuppressWarnings("NullAway.Init")
    private Path text;

    @Option(names = "--attach", paramLabel = "FILE", description = "添付 / attachment")
    private List<Path> attached = List.of();

    /// A line of `--json`.
    record Row(String id, String to) {}

    @Override
    int with(MailSession session) throws Exception {
        var files = new ArrayList<ReadMail.File>();
        for (var file : attached) {
            var type = file.toString().toLowerCase(Locale.ROOT).endsWith(".pdf")
                    ? "application/pdf"
                    : "application/octet-stream";
            files.add(new ReadMail.File(file.getFileName().toString(), type, read(file)));
        }
        var id = session.mail().newId();
        session.mail().open();
        session.mail().send(id, to, subject, NewMail.entity(read(text).asUtf8(), files, device.die));
        output.tell(new Row(id, to), "送信を受け付けました / taken for delivery: " + id);
        return Exit.OK;
    }

    private static Bytes read(Path file) throws IOException {
        if (Files.size(file) > MOST) {
            throw Refusal.of("file-too-large", "ファイルが大きすぎます", "The file is too large");
        }
        return Bytes.of(Files.readAllBytes(file));
    }
}
