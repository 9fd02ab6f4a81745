package org.mizuhiki.apps.command;

import picocli.CommandLine.Command;

/// Letters.
@Command(
        name = "letter",
        description = {"紹介状などの文書を作成・送付・閲覧する", "Write, send and open sealed letters"},
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {
            LetterWrite.class,
            LetterSend.class,
            LetterAgain.class,
            LetterList.class,
            LetterOpen.class,
            LetterDisclosures.class,
            LetterExchange.class,
            LetterOutbox.class,
            LetterReseal.class,
            LetterVerifyPrint.class
        })
public final class LetterCommand {}
