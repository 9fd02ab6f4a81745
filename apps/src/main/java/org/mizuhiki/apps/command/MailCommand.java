package org.mizuhiki.apps.command;

import picocli.CommandLine.Command;

/// Mail with people of other PKIs.
@Command(
        name = "mail",
        description = {"他のPKIの相手とS/MIMEメールをやり取りする", "Exchange S/MIME mail with people of other PKIs"},
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {
            MailOpen.class,
            MailList.class,
            MailRead.class,
            MailSend.class,
            MailOutgoing.class,
            MailDelete.class,
            MailPartner.class,
            MailToken.class,
            MailBridge.class
        })
public final class MailCommand {}
