package org.mizuhiki.database;

import java.nio.file.Path;
import java.util.Optional;

/// Where a role's rows live.
///
/// @param url a JDBC URL of a PostgreSQL of the operator's, without password; absent: the embedded one
/// under `folder`
/// @param passwordFile file with the password for `url`, never on a command line
/// @param folder of this role's embedded database; nobody else writes there
/// @param binaries shared by all roles of a machine: the embedded PostgreSQL's programs are unpacked
/// there once a version
/// @param connections at most this many at once, 1 to 16
public record DatabaseConfig(
        Optional<String> url,
        Optional<String> user,
        Optional<Path> passwordFile,
        Path folder,
        Path binaries,
        int connections) {

    /// The default: an own PostgreSQL under `folder`, four connections.
    public static DatabaseConfig embedded(Path folder, Path binaries) {
        return new DatabaseConfig(Optional.empty(), Optional.empty(), Optional.empty(), folder, binaries, 4);
    }
}
