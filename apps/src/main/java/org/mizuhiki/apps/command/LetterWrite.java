package org.mizuhiki.apps.command;

import org.mizuhiki.pocket.Draft;
import org.mizuhiki.pocket.Pocket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Checks a letter and keeps it as a draft.
@Command(
        name = "write",
        description = {"文書と添付を検証し、下書きとして端末に封じて保存する", "Check a letter and keep it, closed, as a draft on this device"})
final class LetterWrite extends PocketCommand {
    @Mixin
    private final LetterOptions letter = new LetterOptions();

    /// A line of `--json`.
    record Row(String draft, String patient, int attachments) {
        static Row of(Draft draft) {
            return new Row(
                    draft.id(), draft.owner().value(), draft.attachments().size());
        }
    }

    @Override
    void with(Pocket pocket) throws Exception {
        var draft = letter.write(pocket, output);
        output.tell(Row.of(draft), "下書き / draft: " + draft.id());
    }
}
