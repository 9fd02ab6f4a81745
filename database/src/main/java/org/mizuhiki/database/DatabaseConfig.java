package org.mizuhiki.database;

import java.nio.file.Path;
import java.util.Optional;

/// Where a role's rows live.
///
/// @param url a JDBC URL of a PostgreSQL of the operator's; absent: the embedded one under `folder`
/// @param passwordFile file with the password for `url`, never on a command line
/// @param connections at most this many at once
public record DatabaseConfig(
        Optional<String> url, Optional<String> user, Optional<Path> passwordFile, Path folder, int connections) {}
