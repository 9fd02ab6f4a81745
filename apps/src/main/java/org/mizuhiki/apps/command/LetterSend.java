package org.mizuhiki.apps.command;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Refusal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Signs, stamps, seals and hands over.
@Command(
        name = "send",
        description = {
            "署名・タイムスタンプ・封緘して患者のポケットに送る。途中で止まっても、次の実行で続きから一度だけ送られる",
            "Sign, stamp, seal and send; interrupted, it continues at the next run and completes exactly once"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES)
final class LetterSend implements Callable<Integer> {
    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final LetterOptions letter = new LetterOptions();

    @Parameters(
            paramLabel = "DRAFT",
            arity = "0..1",
            description = "下書きの番号（--letter を使うときは不要） / a draft's number, unless --letter is given")
    private @Nullable String draft;

    /// A line of `--json`.
    record Row(String letter, String patient, String statement, String draft) {}

    @Override
    public Integer call() throws Exception {
        if ((draft == null) == (letter.letter == null)) {
            throw Refusal.of(
                    "option-missing",
                    "下書きの番号か --letter のどちらか一方を指定してください",
                    "Name either a draft or a document with --letter");
        }
        return device.use(output, pocket -> {
            var id = draft != null ? draft : letter.write(pocket, output).id();
            if (draft == null) {
                output.note("下書き / draft: " + id);
            }
            var sent = pocket.post().send(id);
            output.tell(
                    new Row(
                            sent.letter().hex(),
                            sent.owner().value(),
                            sent.statement().hex(),
                            sent.draft()),
                    "送りました / sent: " + sent.letter());
            return Exit.OK;
        });
    }
}
