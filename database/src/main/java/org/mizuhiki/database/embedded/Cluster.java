package org.mizuhiki.database.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.mizuhiki.house.Refusal;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One embedded PostgreSQL: started or adopted when opened, watched while used, stopped when closed.
public final class Cluster implements AutoCloseable {
    /// Connections left for clients besides PostgreSQL's own reserve.
    public static final int MOST_CLIENTS = 16;

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Path folder;
    private final Programs programs;
    private final FileChannel lock;
    private final PGSimpleDataSource source = new PGSimpleDataSource();
    private final Thread watchdog;
    private ProcessHandle postmaster;
    private boolean closing;

    private Cluster(Path folder, Programs programs, FileChannel lock, String password) throws IOException {
        this.folder = folder;
        this.programs = programs;
        this.lock = lock;
        source.setDatabaseName("postgres");
        source.setUser(Programs.USER);
        source.setPassword(password);
        source.setServerNames(new String[] {"127.0.0.1"});
        this.postmaster = startOrAdopt();
        this.watchdog = Thread.ofVirtual().name("database-watchdog").start(this::watch);
    }

    /// @throws Refusal `database-in-use` by another process, `database-start` with where to read why
    public static Cluster start(Path folder, Path binaries, SecureRandom die) {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
            var home = Binaries.unpacked(binaries);
            var lock = lock(folder);
            try {
                var programs = new Programs(home, folder, new Unprivileged(folder, home));
                return new Cluster(folder, programs, lock, programs.initialised(die));
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw notStarted(folder, e);
        }
    }

    /// Stops the server of a process that was killed.
    ///
    /// @throws Refusal `database-in-use`
    public static void stopLeft(Path folder) {
        try (var _ = lock(folder)) {
            Postmaster.running(folder).map(Postmaster::process).ifPresent(Programs::stop);
        } catch (IOException e) {
            throw new UncheckedIOException("the database folder cannot be read", e);
        }
    }

    /// Follows the server when a restart moves it to another port.
    public PGSimpleDataSource source() {
        return source;
    }

    private ProcessHandle startOrAdopt() throws IOException {
        var survivor = Postmaster.running(folder);
        if (survivor.isPresent()) {
            LOG.info(
                    "adopted the PostgreSQL that outlived its last process, port {}",
                    survivor.get().port());
            return use(survivor.get());
        }
        IOException last = new IOException("never tried");
        for (int attempt = 0; attempt < 3; attempt++) {
            try {
                return use(programs.start(attempt == 0 ? keptOrFreePort() : freePort()));
            } catch (IOException e) {
                last = e; // the port may have been taken since we looked
            }
        }
        throw last;
    }

    private ProcessHandle use(Postmaster started) {
        source.setPortNumbers(new int[] {started.port()});
        return started.process();
    }

    /// After a crash the same port again, so that whoever holds the URL still finds it.
    private int keptOrFreePort() throws IOException {
        int kept = Optional.ofNullable(source.getPortNumbers()).map(p -> p[0]).orElse(0);
        return kept == 0 || kept == 5432 ? freePort() : kept;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void watch() {
        var pause = Duration.ofMillis(100);
        while (true) {
            handle().onExit().join();
            synchronized (this) {
                if (closing) {
                    return;
                }
                LOG.warn("PostgreSQL has ended unasked; starting it again");
                try {
                    postmaster = startOrAdopt();
                    pause = Duration.ofMillis(100);
                    LOG.info("PostgreSQL is back");
                    continue;
                } catch (IOException e) {
                    LOG.error("PostgreSQL does not start, next try in {}", pause, e);
                }
            }
            if (!sleep(pause)) {
                return;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private static boolean sleep(Duration pause) {
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized ProcessHandle handle() {
        return postmaster;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
            Programs.stop(postmaster);
        }
        watchdog.interrupt();
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("the lock of the database folder did not close", e);
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        var channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Optional<FileLock> held;
        try {
            held = Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            held = Optional.empty();
        }
        if (held.isEmpty()) {
            channel.close();
            throw Refusal.of(
                    "database-in-use",
                    "このデータベースフォルダは別のプロセスが使用中です",
                    "Another process is using this database folder: " + folder.getFileName());
        }
        return channel;
    }

    private static Refusal notStarted(Path folder, IOException e) {
        return Refusal.of(
                "database-start",
                "組み込みPostgreSQLを開始できません。データベースフォルダの postgres.log を確認してください",
                "The embedded PostgreSQL does not start; see postgres.log in its folder " + folder.getFileName(),
                e);
    }
}
