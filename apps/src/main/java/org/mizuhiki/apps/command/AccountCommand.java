package org.mizuhiki.apps.command;

import picocli.CommandLine.Command;

/// One's account: the keys on every device, and back to them when something is lost.
@Command(
        name = "account",
        description = {
            "アカウント：IDとパスワードで鍵を使い、失くしたときに取り戻す",
            "Your account: keys on every device by ID and password, and ways back to them"
        },
        mixinStandardHelpOptions = true,
        footer = Exit.CODES,
        subcommands = {
            AccountOpening.Create.class,
            AccountOpening.Login.class,
            AccountWays.List.class,
            AccountWays.AddCode.class,
            AccountWays.AddCard.class,
            AccountWays.AddGuardians.class,
            AccountWays.Remove.class,
            AccountWays.Password.class,
            AccountWays.Veto.class,
            AccountRecovery.Recover.class,
            AccountRecovery.Ask.class,
            AccountGuarding.Requests.class,
            AccountGuarding.Approve.class
        })
public final class AccountCommand {}
