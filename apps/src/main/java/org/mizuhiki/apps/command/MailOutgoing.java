package org.mizuhiki.apps.command;

import picocli.CommandLine.Command;

/// What became of mail that was sent.
@Command(
        name = "outgoing",
        description = {"送ったメールの行方", "What became of mail that was sent"})
final class MailOutgoing extends MailVerb {
    @Override
    int with(MailSession session) {
        var all = session.mail().outgoing();
        output.noteIfNone(all);
        all.forEach(o -> output.tell(
                o, "%s  %s  %s  %s  %s".formatted(o.id(), Arguments.when(o.at()), o.state(), o.recipient(), o.said())));
        return Exit.OK;
    }
}
