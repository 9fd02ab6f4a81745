package org.mizuhiki.apps.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.apps.role.Folders;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.ReadLetter;
import org.mizuhiki.records.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Opens a letter; the patient will see that.
@Command(
        name = "open",
        description = {
            "文書を開く（開いたことは患者に見える）。署名・時刻・横認証・認証・台帳をこの端末で検証する",
            "Open a letter; the patient sees that. Author, stamp, grant, relation and ledger are verified on this device"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES)
final class LetterOpen implements Callable<Integer> {
    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final Output output = new Output();

    @Parameters(paramLabel = "LETTER", description = "文書の識別子 / the letter's name", converter = Arguments.Name.class)
    @SuppressWarnings("NullAway.Init")
    private Digest letter;

    @Option(
            names = "--into",
            paramLabel = "DIR",
            description = "文書（letter.json）と添付の保存先 / where to save letter.json and the attachments")
    private @Nullable Path into;

    @Option(names = "--html", paramLabel = "FILE", description = "読みやすい形で保存 / save a readable page")
    private @Nullable Path html;

    @Option(
            names = "--pdf",
            paramLabel = "FILE",
            description = "印刷用のPDF（確認用のQRコード付き）を保存 / save a PDF to print, with a code to check it")
    private @Nullable Path pdf;

    @Option(
            names = "--purpose",
            defaultValue = "treatment",
            description = "目的（患者に見える） / purpose, the patient sees it (${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init")
    private String purpose;

    /// A line of `--json`.
    record Row(
            String letter,
            String author,
            String institution,
            String patient,
            String signedAt,
            List<String> proofs,
            List<String> files) {}

    @Override
    public Integer call() throws Exception {
        // an opening is shown to the patient for ever: nothing that can be known before may fail after it
        mustBeFree();
        return device.use(output, pocket -> {
            var read = pocket.reading().open(letter, purpose);
            var files = new java.util.ArrayList<String>();
            if (into != null) {
                pocket.reading().save(read, into).forEach(f -> files.add(f.toString()));
                files.add(write(into.resolve("letter.json"), read.document()));
            }
            if (html != null) {
                files.add(write(html, Bytes.utf8(Printable.html(read.letter()))));
            }
            if (pdf != null) {
                files.add(write(pdf, PaperLetter.pdf(read)));
            }
            var proofs = read.proofs().stream()
                    .map(p -> p.statement().kind() + " " + p.statement().id() + " @" + p.loggedBy())
                    .toList();
            output.tell(
                    new Row(
                            letter.hex(),
                            read.author().name(),
                            read.author().institutionName(),
                            read.owner().value(),
                            Arguments.when(read.signedAt()),
                            proofs,
                            files),
                    lines(read, proofs, files));
            read.leftOut()
                    .forEach(b -> output.note("申告書 " + b.number() + " は確かめられず、考慮していません / statement "
                            + b.number() + " does not hold and counts for nothing: "
                            + b.doubt().code()));
            if (files.isEmpty()) {
                output.note("本文を読むには / to read the text: --html FILE, --pdf FILE, --into DIR");
            }
            return Exit.OK;
        });
    }

    private void mustBeFree() throws java.io.IOException {
        for (var file : new @Nullable Path[] {html, pdf}) {
            var folder = file == null ? null : file.toAbsolutePath().getParent();
            if (file != null && (Files.exists(file) || folder == null || !Files.isWritable(folder))) {
                throw taken(file);
            }
        }
        if (into != null && !Folders.isEmpty(into)) {
            throw taken(into);
        }
    }

    private static Refusal taken(Path target) {
        return Refusal.of(
                "file-exists",
                "保存先 " + target + " は使えません（既にあるか、書き込めません）。まだ開封していません",
                target + " cannot be saved to: it is there already, or cannot be written. The letter was not opened");
    }

    private static String lines(ReadLetter read, List<String> proofs, List<String> files) {
        var text = new StringBuilder();
        text.append("作成者 / author: ").append(Arguments.who(read.author())).append('\n');
        text.append("患者 / patient: ").append(read.owner()).append('\n');
        text.append("署名時刻 / signed: ").append(read.signedAt()).append('\n');
        proofs.forEach(p -> text.append("検証済み / verified: ").append(p).append('\n'));
        read.attachments()
                .forEach(a -> text.append("添付 / attached: ").append(a.name()).append('\n'));
        files.forEach(f -> text.append("保存 / saved: ").append(f).append('\n'));
        return text.toString().stripTrailing();
    }

    /// For the reader's eyes only, and never over something that is there.
    static String write(Path file, Bytes content) throws java.io.IOException {
        try (var channel = Files.newByteChannel(
                file,
                java.util.Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            var buffer = java.nio.ByteBuffer.wrap(content.toArray());
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            return file.toString();
        } catch (java.nio.file.FileAlreadyExistsException e) {
            throw Refusal.of("file-exists", "保存先のファイルがすでにあります", "The file to save to is there already", e);
        }
    }
}
