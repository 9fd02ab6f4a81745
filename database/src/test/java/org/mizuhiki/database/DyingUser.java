package org.mizuhiki.database;

import java.nio.file.Path;

/// A process that dies with its database open.
final class DyingUser {
    private DyingUser() {}

    public static void main(String[] args) {
        Scratch.put(Scratch.open(Path.of(args[0])), 7);
        Runtime.getRuntime().halt(9);
    }
}
