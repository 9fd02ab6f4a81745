package org.mizuhiki.apps.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.apps.device.DeviceTerminal;
import org.mizuhiki.chip.CardAtTerminal;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.EmergencyReading;
import org.mizuhiki.pocket.EmergencyServers;
import org.mizuhiki.pocket.Pocket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The professional's side. What opens is in memory only: another run needs the card again.
@Command(
        name = "open",
        description = {
            "患者のカードを認定端末に置いて、文書を開く。本人と後見人に直ちに知らされ、台帳に残る",
            "Open a patient's letters with the card at an accredited terminal; the person and the guardians are told at"
                    + " once, and it is in the ledger"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES)
final class EmergencyOpen implements Callable<Integer> {
    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final NationalCardOptions national = new NationalCardOptions();

    @Mixin
    private final Output output = new Output();

    @Option(
            names = "--patient",
            paramLabel = "PERSON",
            required = true,
            description = "患者の個人ID / whose letters",
            converter = Arguments.Person.class)
    @SuppressWarnings("NullAway.Init")
    private PersonId patient;

    @Option(
            names = "--terminal",
            paramLabel = "DIR",
            required = true,
            description = "端末の素子のフォルダー / the terminal's element")
    @SuppressWarnings("NullAway.Init")
    private Path terminal;

    @Option(
            names = "--service",
            paramLabel = "DIR",
            description = "ソフトウェアの素子を開設する提供者の鍵 / the key that opens an element of software")
    private @Nullable Path service;

    @Option(
            names = "--admission",
            paramLabel = "FILE",
            required = true,
            description = "カードに示す機関の証明書（chip terminal enrol） / the institution's certificate that cards ask for")
    @SuppressWarnings("NullAway.Init")
    private Path admission;

    @Option(
            names = "--reason",
            paramLabel = "WORD",
            required = true,
            description = "理由を表す語（患者に見える） / a code word such as unconscious; the patient sees it")
    @SuppressWarnings("NullAway.Init")
    private String reason;

    @Option(
            names = "--minutes",
            defaultValue = "60",
            description = "開示の長さ（1440まで） / how long, at most a day (${DEFAULT-VALUE})")
    private int minutes;

    @Option(
            names = "--letter",
            paramLabel = "LETTER",
            description = "この文書だけ（繰り返し可、既定はすべて） / this letter only; may be repeated",
            converter = Arguments.Name.class)
    private List<Digest> wanted = List.of();

    @Option(
            names = "--into",
            paramLabel = "DIR",
            description = "文書ごとのフォルダーに保存 / where to save each letter, in a folder of its own")
    private @Nullable Path into;

    /// After these no other letter opens, either.
    private static final Set<String> ENDS =
            Set.of("emergency-over", "emergency-ended", "emergency-not-allowed", "reader-barred");

    /// A line of `--json`: the opening.
    record Opening(String opening, String patient, String until, int letters) {}

    /// A line of `--json`: a letter of it.
    record Letter(String letter, String author, String institution, String signedAt, List<String> files) {}

    @Override
    public Integer call() throws Exception {
        return device.usePocket(output, (opened, pocket) -> {
            var servers = EmergencyServers.over(device.regionFile(), opened, device.die);
            var shown = Admission.read(admission);
            try (var element = DeviceTerminal.open(terminal, device.die)) {
                if (service != null) {
                    element.element().open(TerminalService.folder(service).signer(device.die));
                }
                return national.closed(card -> {
                    var at = new CardAtTerminal(element.element(), card, shown.certificate(), shown.signature());
                    return read(pocket, pocket.emergencyReading(servers), at);
                });
            }
        });
    }

    private int read(Pocket pocket, EmergencyReading reading, CardAtTerminal at) throws Exception {
        try (var opened = reading.open(patient, at, reason, Duration.ofMinutes(minutes))) {
            var letters = reading.letters(opened).stream()
                    .filter(l -> wanted.isEmpty() || wanted.contains(l))
                    .toList();
            var until = Arguments.when(opened.statement().until());
            output.tell(
                    new Opening(opened.statement().id().hex(), patient.value(), until, letters.size()),
                    "緊急開示 〜%s、%d通。本人と後見人に知らされました / open until then; %d letters; the person and the guardians were told"
                            .formatted(until, letters.size(), letters.size()));
            int leftOut = 0;
            for (var letter : letters) {
                try {
                    read(pocket, reading, opened, letter);
                } catch (Refusal refusal) {
                    if (ENDS.contains(refusal.code())) {
                        throw refusal;
                    }
                    // one letter that does not hold keeps none of the others back
                    leftOut++;
                    output.note("開けません / left out: " + letter + " " + refusal.getMessage());
                }
            }
            return leftOut == 0 ? Exit.OK : Exit.REFUSED;
        }
    }

    private void read(Pocket pocket, EmergencyReading reading, EmergencyReading.Opened opened, Digest letter)
            throws Exception {
        var read = reading.read(opened, letter);
        var files = new ArrayList<String>();
        if (into != null) {
            var folder = into.resolve(letter.hex());
            pocket.reading().save(read, folder).forEach(f -> files.add(f.toString()));
            files.add(LetterOpen.write(folder.resolve("letter.json"), read.document()));
        }
        output.tell(
                new Letter(
                        letter.hex(),
                        read.author().name(),
                        read.author().institutionName(),
                        Arguments.when(read.signedAt()),
                        files),
                "%s  %s  %s%s"
                        .formatted(
                                letter,
                                Arguments.who(read.author()),
                                Arguments.when(read.signedAt()),
                                files.isEmpty() ? "" : "  → " + into));
    }
}
