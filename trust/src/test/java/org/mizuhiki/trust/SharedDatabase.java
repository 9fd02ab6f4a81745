package org.mizuhiki.trust;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Comparator;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;

/// Hands tests a fresh region over one real PostgreSQL, which lives as long as the test run.
final class SharedDatabase implements ParameterResolver {
    private static final ExtensionContext.Namespace HERE = ExtensionContext.Namespace.create(SharedDatabase.class);

    private record Running(Path folder, Database database) implements AutoCloseable {
        static Running start() {
            try {
                var folder = Files.createTempDirectory("trust-db");
                // PostgreSQL runs as nobody when the tests run as root, and has to get in
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
                var config = DatabaseConfig.embedded(folder.resolve("rows"), folder.resolve("bin"));
                return new Running(folder, Databases.open(config, PostgresAuthority.MIGRATIONS, new SecureRandom()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            database.close();
            try (var all = Files.walk(folder)) {
                all.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == Region.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
        var running = test.getRoot().getStore(HERE).computeIfAbsent("database", key -> Running.start(), Running.class);
        return test.getStore(HERE).computeIfAbsent("region", key -> Region.found(running.database()), Region.class);
    }
}
