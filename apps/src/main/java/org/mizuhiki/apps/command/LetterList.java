package org.mizuhiki.apps.command;

import java.util.List;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.pocket.Pocket;
import org.mizuhiki.store.Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What came in, and drafts.
@Command(
        name = "list",
        description = {
            "届いた文書と下書きの一覧（差出人は開封時に検証される）",
            "Letters that came in, and drafts; the sender is verified when a letter is opened"
        })
final class LetterList extends PocketCommand {
    @Option(names = "--limit", defaultValue = "50", description = "件数 / how many (${DEFAULT-VALUE})")
    private int limit;

    @Option(names = "--drafts", description = "下書きを表示 / show drafts instead")
    private boolean drafts;

    @Option(names = "--sent", description = "送った文書を表示 / show letters sent instead")
    private boolean sent;

    /// A line of `--json`.
    record Sent(String letter, String patient, int attachments, String at) {}

    /// A line of `--json`.
    record Row(String letter, String from, String patient, int attachments, String at) {
        static Row of(Store.Notice n) {
            return new Row(
                    n.letter().hex(),
                    n.from().value(),
                    n.owner().value(),
                    n.objects().size(),
                    Arguments.when(n.at()));
        }
    }

    @Override
    void with(Pocket pocket) throws Exception {
        if (drafts) {
            var all = pocket.post().drafts();
            output.noteIfNone(all);
            for (var draft : all) {
                var row = LetterWrite.Row.of(draft);
                output.tell(row, "%s  %s  添付 %d".formatted(row.draft(), row.patient(), row.attachments()));
            }
            return;
        }
        if (sent) {
            tellSent(pocket.post().sent());
            return;
        }
        var names = new Names(pocket);
        var notices = pocket.post().inbox(Math.clamp(limit, 1, 200), Long.MAX_VALUE);
        output.noteIfNone(notices);
        for (var notice : notices) {
            var row = Row.of(notice);
            output.tell(
                    row,
                    "%s%n  %s  from %s  patient %s  添付 %d"
                            .formatted(row.letter, row.at, names.of(notice.from()), row.patient, row.attachments));
        }
    }

    private void tellSent(List<LetterSealed> all) {
        output.noteIfNone(all);
        all.stream().limit(Math.clamp(limit, 1, 200)).forEach(s -> {
            var row = new Sent(s.letter().hex(), s.owner().value(), s.objects().size(), Arguments.when(s.at()));
            output.tell(row, "%s%n  %s  patient %s  添付 %d".formatted(row.letter, row.at, row.patient, row.attachments));
        });
    }
}
