package org.mizuhiki.database.embedded;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs initdb and postgres for one folder.
final class Programs {
    static final String USER = "app";
    private static final Logger LOG = LoggerFactory.getLogger(Programs.class);
    private static final long START_NS = TimeUnit.SECONDS.toNanos(60);

    /// Small on purpose: several of these share a machine. `fsync` and `synchronous_commit` stay as they
    /// are: on. Logs carry no statements, values or key details: they may be a patient's.
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("shared_buffers", "24MB"),
            Map.entry("max_connections", Integer.toString(Cluster.MOST_CLIENTS + 4)),
            Map.entry("work_mem", "2MB"),
            Map.entry("maintenance_work_mem", "16MB"),
            Map.entry("max_parallel_workers", "0"),
            Map.entry("max_parallel_workers_per_gather", "0"),
            Map.entry("autovacuum_max_workers", "1"),
            Map.entry("io_method", "sync"),
            Map.entry("wal_level", "minimal"),
            Map.entry("max_wal_senders", "0"),
            Map.entry("max_logical_replication_workers", "0"),
            Map.entry("min_wal_size", "16MB"),
            Map.entry("max_wal_size", "256MB"),
            Map.entry("jit", "off"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("log_statement", "none"),
            Map.entry("log_error_verbosity", "terse"),
            Map.entry("log_min_error_statement", "panic"));

    private final Path home;
    private final Path folder;
    private final Unprivileged user;

    Programs(Path home, Path folder, Unprivileged user) {
        this.home = home.toAbsolutePath();
        this.folder = folder.toAbsolutePath();
        this.user = user;
    }

    /// Makes the cluster if there is none: complete or not at all, as it is renamed into place when done.
    ///
    /// @return the server's password
    String initialised(SecureRandom die) throws IOException {
        var data = folder.resolve("data");
        var password = folder.resolve("password");
        if (!Files.exists(data.resolve("PG_VERSION"))) {
            var making = folder.resolve("data.making");
            Folders.delete(making);
            Files.createDirectory(
                    making, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            user.own(making);
            writePassword(password, die);
            initdb(making, password);
            Files.move(making, data, StandardCopyOption.ATOMIC_MOVE);
        }
        return Files.readString(password).strip();
    }

    private void writePassword(Path file, SecureRandom die) throws IOException {
        var random = new byte[24];
        die.nextBytes(random);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, HexFormat.of().formatHex(random));
        user.own(file);
    }

    private void initdb(Path data, Path password) throws IOException {
        var words = new ArrayList<>(List.of(home.resolve("bin/initdb").toString(), "-D", data.toString(), "-U", USER));
        words.addAll(List.of("-A", "scram-sha-256", "--pwfile=" + password, "-E", "UTF8", "--data-checksums"));
        words.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"));
        words.add("--wal-segsize=4");
        SETTINGS.forEach((name, value) -> words.addAll(List.of("-c", name + "=" + value)));
        var process = launch(words);
        try {
            if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("initdb failed");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw interrupted(e);
        }
    }

    /// Starts the server and waits until it takes connections.
    Postmaster start(int port) throws IOException {
        var process = launch(List.of(
                home.resolve("bin/postgres").toString(),
                "-D",
                folder.resolve("data").toString(),
                "-p",
                "" + port));
        long began = System.nanoTime();
        while (System.nanoTime() - began < START_NS) {
            var running = Postmaster.running(folder)
                    .filter(p -> p.ready() && p.process().pid() == process.pid());
            if (running.isPresent()) {
                return running.get();
            }
            try {
                if (process.waitFor(5, TimeUnit.MILLISECONDS)) {
                    throw new IOException("postgres ended with " + process.exitValue());
                }
            } catch (InterruptedException e) {
                process.destroy();
                throw interrupted(e);
            }
        }
        process.destroyForcibly();
        throw new IOException("postgres was not ready in time");
    }

    /// An own session, so that Ctrl-C in the operator's terminal does not stop the server before its
    /// clients; a clean environment, so that no PG variable or secret of ours reaches it.
    private Process launch(List<String> words) throws IOException {
        var command = new ArrayList<>(List.of("setsid"));
        command.addAll(user.command(words));
        var log = folder.resolve("postgres.log").toFile();
        var builder = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectInput(Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log));
        var path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", path, "LC_ALL", "C"));
        return builder.start();
    }

    /// Fast shutdown (SIGINT): clients are cut off, everything committed is on disk anyway.
    static void stop(ProcessHandle postmaster) {
        try {
            for (var signal : List.of("-INT", "-QUIT", "-KILL")) {
                if (!postmaster.isAlive()) {
                    return;
                }
                new ProcessBuilder("kill", signal, Long.toString(postmaster.pid()))
                        .start()
                        .waitFor();
                if (ended(postmaster)) {
                    return;
                }
                LOG.warn("PostgreSQL did not end at kill {}", signal);
            }
        } catch (IOException e) {
            LOG.warn("PostgreSQL could not be stopped; the next start adopts it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean ended(ProcessHandle postmaster) {
        try {
            postmaster.onExit().get(15, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("interrupted", e);
    }
}
