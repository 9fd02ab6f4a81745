package org.mizuhiki.apps.command;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.Registering;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// An ID for a patient who stands here, and the sheet to take home.
@Command(
        name = "register",
        description = {
            "目の前の患者にIDを発行する。2人が写った写真を封緘し、用紙（言葉とQRコード）を作る",
            "Give the patient who stands here an ID: seals a picture of both, and makes the sheet with words and QR code"
        })
final class ProvisionalRegister extends ProvisionalCommand.AtTheAuthority {
    @Option(
            names = "--picture",
            required = true,
            paramLabel = "FILE",
            description = "患者と登録者が写った写真かビデオの静止画（JPEG・PNG、10MBまで） / a picture of both")
    @SuppressWarnings("NullAway.Init")
    private Path picture;

    @Option(names = "--pdf", paramLabel = "FILE", description = "用紙をPDFで書く / write the sheet as PDF")
    private @Nullable Path pdf;

    @Option(names = "--svg", paramLabel = "FILE", description = "用紙をSVGで書く / write the sheet as SVG")
    private @Nullable Path svg;

    @Option(
            names = "--days",
            defaultValue = "30",
            description = "有効にするまでの日数（31まで） / days until it lapses, at most 31 (${DEFAULT-VALUE})")
    private int days;

    @Option(names = "--relation-days", defaultValue = "365", description = "認証の日数 / days of the care relation")
    private int relation;

    /// A line of `--json`; the secret is on the sheet only.
    record Done(String patient, String registration, String picture, String until) {}

    @Override
    void with(Registering registering, Names names) throws Exception {
        if (pdf == null && svg == null) {
            throw Refusal.of(
                    "option-missing",
                    "用紙の書き出し先を --pdf か --svg で指定してください（患者に渡す秘密は用紙にしかありません）",
                    "Name a file for the sheet with --pdf or --svg: the patient's secret is nowhere else");
        }
        mustBeFree(pdf);
        mustBeFree(svg);
        var done = registering.register(picture, Arguments.days(days), Arguments.days(relation), new OnDisk());
        done.secret().close(); // it is on the sheet now
        output.tell(
                new Done(
                        done.patient().value(),
                        done.statement().id().hex(),
                        done.statement().evidence().hex(),
                        Arguments.when(done.until())),
                "仮登録しました。個人ID / registered, the patient's ID: " + done.patient()
                        + "\n用紙を印刷して渡し、ファイルは消してください / print the sheet, hand it over, delete the file");
        done.held()
                .ifPresent(why -> output.note("一部がまだサーバーに届いていません（" + why.code()
                        + "）。次のコマンドで続きが送られます / some of it waits in the outbox; the next command goes on"));
    }

    /// Before the ID exists: a patient without a sheet has lost it.
    private static void mustBeFree(@Nullable Path file) {
        if (file != null && Files.exists(file)) {
            throw Refusal.of("file-exists", file + " はすでにあります", file + " exists already");
        }
    }

    /// The sheet is on disk before the ID exists: a device that dies in between loses no patient's sheet.
    private final class OnDisk implements Registering.Paper {
        @Override
        public void write(Registering.Sheet made) {
            var sheet = ActivationSheet.of(made);
            if (pdf != null) {
                OwnersFile.create(pdf, sheet.pdf());
            }
            if (svg != null) {
                OwnersFile.create(svg, sheet.svg());
            }
        }

        @Override
        public void discard() {
            OwnersFile.delete(pdf);
            OwnersFile.delete(svg);
        }
    }
}
