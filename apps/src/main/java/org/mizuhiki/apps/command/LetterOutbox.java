package org.mizuhiki.apps.command;

import org.jspecify.annotations.Nullable;
import org.mizuhiki.pocket.Pocket;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// What waits to be sent; every command with a device pushes it first.
@Command(
        name = "outbox",
        description = {"送信箱（まだ送り終えていないもの）の一覧と取り消し", "What still waits to be sent, and giving it up"})
final class LetterOutbox extends PocketCommand {
    @Option(names = "--drop", paramLabel = "ID", description = "取り除く / give one up; what servers heard stays")
    private @Nullable String drop;

    /// A line of `--json`.
    record Row(String id, String kind, String about) {}

    @Override
    void with(Pocket pocket) throws Exception {
        if (drop != null) {
            pocket.errands().drop(drop);
        }
        var all = pocket.errands().waiting();
        output.noteIfNone(all);
        for (var waiting : all) {
            var about = waiting.about().encode().asUtf8();
            output.tell(
                    new Row(waiting.id(), waiting.kind(), about),
                    "%s  %s  %s".formatted(waiting.id(), waiting.kind(), about));
        }
    }
}
