package org.mizuhiki.apps.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Mail that arrived.
@Command(
        name = "list",
        description = {"届いたメールの一覧", "Mail that arrived"})
final class MailList extends MailVerb {
    @Option(names = "--after", defaultValue = "0", description = "この番号より後 / after this number")
    private long after;

    /// A line of `--json`.
    record Row(long number, String at, boolean clear, int size) {}

    @Override
    int with(MailSession session) {
        var all = session.mail().arrived(after);
        output.noteIfNone(all);
        for (var one : all) {
            var row = new Row(one.number(), Arguments.when(one.at()), one.clear(), one.size());
            output.tell(
                    row,
                    "%d  %s  %d B%s"
                            .formatted(
                                    row.number,
                                    row.at,
                                    row.size,
                                    row.clear ? "  暗号化なしで到着 / arrived in the clear" : ""));
        }
        return Exit.OK;
    }
}
