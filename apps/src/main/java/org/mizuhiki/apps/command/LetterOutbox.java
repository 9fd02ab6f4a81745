package org.mizuhiki.apps.command;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What waits to be sent; every command with a device pushes it first.
@Command(
        name = "outbox",
        description = {"送信箱（まだ送り終えていないもの）の一覧と取り消し", "What still waits to be sent, and giving it up"},
        mixinStandardHelpOptions = true,
        footer = Exit.CODES)
final class LetterOutbox implements Callable<Integer> {
    @Mixin
    private final DeviceOptions device = new DeviceOptions();

    @Mixin
    private final Output output = new Output();

    @Option(names = "--drop", paramLabel = "ID", description = "取り除く / give one up; what servers heard stays")
    private @Nullable String drop;

    /// A line of `--json`.
    record Row(String id, String kind, String about) {}

    @Override
    public Integer call() throws Exception {
        return device.use(output, pocket -> {
            if (drop != null) {
                pocket.errands().drop(drop);
            }
            for (var waiting : pocket.errands().waiting()) {
                var about = waiting.about().encode().asUtf8();
                output.tell(
                        new Row(waiting.id(), waiting.kind(), about),
                        "%s  %s  %s".formatted(waiting.id(), waiting.kind(), about));
            }
            return Exit.OK;
        });
    }
}
