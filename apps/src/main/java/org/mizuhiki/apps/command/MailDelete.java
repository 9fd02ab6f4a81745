package org.mizuhiki.apps.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Delete a mail from the server.
@Command(
        name = "delete",
        description = {"メールをサーバーから消す", "Delete a mail from the server"})
final class MailDelete extends MailVerb {
    @Parameters(paramLabel = "NUMBER")
    private long number;

    @Override
    int with(MailSession session) {
        session.mail().delete(number);
        output.note("消しました / deleted: " + number);
        return Exit.OK;
    }
}
