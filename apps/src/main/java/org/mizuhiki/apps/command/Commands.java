package org.mizuhiki.apps.command;

import java.util.List;
import picocli.CommandLine.Command;

/// All people's commands, for the main class to register.
public final class Commands {
    private Commands() {}

    /// picocli command classes, each a noun with its verbs.
    public static List<Class<?>> all() {
        return List.of(
                LetterCommand.class,
                RelationCommand.class,
                GrantCommand.class,
                DelegateCommand.class,
                EmergencyCommand.class,
                VetoCommand.class,
                NoticeCommand.class,
                ProvisionalCommand.class,
                MailCommand.class,
                PersonCommand.class,
                AccountCommand.class,
                DirectoryCommand.class,
                CertCommand.class,
                AccreditCommand.class,
                RegisterCommand.class,
                VpnCommand.class,
                ChipCommand.class,
                CardCommand.class,
                SealCommand.class,
                LedgerCommand.class,
                LabCommand.class);
    }

    /// Whether this is the first word of one of them.
    public static boolean isPeoples(String word) {
        return all().stream()
                .anyMatch(c -> c.getAnnotation(Command.class).name().equals(word));
    }
}
