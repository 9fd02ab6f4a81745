package org.mizuhiki.apps.command;

import picocli.CommandLine.Command;

/// Open the mailbox, or renew its certificate; prints address and certificate.
@Command(
        name = "open",
        description = {
            "メールボックスを開く（証明書を更新する）。相手に渡す証明書を表示する",
            "Open the mailbox, or renew its certificate; prints address and certificate"
        })
final class MailOpen extends MailVerb {
    /// A line of `--json`.
    record Row(String address, String certificates) {}

    @Override
    int with(MailSession session) {
        var address = session.mail().open();
        var pem = session.mail().certificates();
        output.tell(new Row(address, pem), address + "\n" + pem.strip());
        return Exit.OK;
    }
}
