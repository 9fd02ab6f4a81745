package org.mizuhiki.apps.command;

import java.util.List;

/// All people's commands, for the main class to register.
public final class Commands {
    private Commands() {}

    /// picocli command classes, each a noun with its verbs.
    public static List<Class<?>> all() {
        return List.of(
                LetterCommand.class,
                RelationCommand.class,
                GrantCommand.class,
                PersonCommand.class,
                DirectoryCommand.class,
                SealCommand.class,
                LedgerCommand.class);
    }
}
