package org.mizuhiki.apps.command;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.HospitalFolder;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.records.LetterForm;
import org.mizuhiki.records.ProfileValidator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The hospital system's folder, on the gateway's machine.
@Command(
        name = "exchange",
        description = {
            "病院情報システムとフォルダーで文書を受け渡す。out/ に置かれた文書を署名・封緘して送り、ack/ に受領を返す",
            "Exchange letters with a hospital system by a folder: sends what lies in out/, acknowledges in ack/"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES)
final class LetterExchange implements Callable<Integer> {
    /// After that the device is opened anew, so that its certificate renews unseen.
    private static final Duration SITTING = Duration.ofHours(1);

    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final Output output = new Output();

    @Option(
            names = "--folder",
            required = true,
            paramLabel = "DIR",
            description = "受け渡しのフォルダー / the folder of the exchange")
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Option(
            names = "--open",
            paramLabel = "PURPOSE",
            description = {
                "届いた文書も開いて in/ に置く（開いたことは、この目的とともに患者に見える）",
                "also open what arrives, for this purpose, and put it into in/; the patient sees each opening"
            })
    private @Nullable String purpose;

    @Option(
            names = "--fhir-packages",
            paramLabel = "DIR",
            description = "国のプロファイルのフォルダー。指定すると厳密に検証 / validate against the national profiles in DIR")
    private @Nullable Path packages;

    @Option(names = "--once", description = "一度だけ調べて終わる（cron向け） / look once and end, for cron")
    private boolean once;

    @Option(
            names = "--every",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "調べる間隔、1〜3600秒 / pause between looks, 1 to 3600 seconds (default ${DEFAULT-VALUE})")
    private long pause;

    private boolean waits;

    /// A line of `--json`.
    record Row(String step, String name, String code) {}

    @Override
    public Integer call() throws Exception {
        if (pause < 1 || pause > 3600) {
            throw Refusal.of("option-malformed", "--every は1〜3600秒です", "--every takes 1 to 3600 seconds");
        }
        if (purpose != null && !purpose.matches("[a-z][a-z-]{0,39}")) {
            throw Refusal.of(
                    "option-malformed",
                    "--open の目的は英小文字とハイフン40文字までです",
                    "--open takes at most 40 small letters and hyphens");
        }
        if (packages == null) {
            return rounds(new DocumentRules());
        }
        try (var profiles = ProfileValidator.over(packages)) {
            return rounds(profiles);
        }
    }

    private int rounds(LetterForm form) throws Exception {
        while (true) {
            try {
                int code = device.use(output, pocket -> sitting(pocket, form));
                if (once) {
                    return code;
                }
            } catch (Refusal refusal) {
                if (once || !org.mizuhiki.wire.Temporary.is(refusal)) {
                    throw refusal;
                }
                output.note("今は届きません。後でもう一度試します / cannot be reached now, will try again: " + refusal.code());
                Thread.sleep(Duration.ofSeconds(pause));
            }
        }
    }

    private int sitting(Pocket pocket, LetterForm form) throws Exception {
        Instant end = device.clock.instant().plus(SITTING);
        var exchange = pocket.hospital(folder, PaperLetter::pdf, this::tell);
        do {
            waits = false;
            exchange.send(form);
            if (purpose != null) {
                exchange.receive(purpose);
            }
            if (once) {
                return waits ? Exit.UNREACHABLE : Exit.OK;
            }
            Thread.sleep(Duration.ofSeconds(pause));
        } while (device.clock.instant().isBefore(end));
        return Exit.OK;
    }

    /// How a letter ended; the steps between are nobody's business but a debugger's.
    private void tell(HospitalFolder.Event event) {
        var words = switch (event.step()) {
            case DONE -> "送りました / sent";
            case ARRIVED -> "届きました / arrived";
            case REFUSED -> "受け取れません / refused";
            case WAITS -> "待っています / waits";
            case CLAIMED, COPIED, WRITTEN, SENT, GRANTED, ACKNOWLEDGED, OPENED -> "";
        };
        waits |= event.step() == HospitalFolder.Step.WAITS;
        if (!words.isEmpty()) {
            output.tell(
                    new Row(event.step().name(), event.name(), event.code()),
                    words + ": " + event.name() + (event.code().isEmpty() ? "" : "  code: " + event.code()));
        }
    }
}
