package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Refusal;

/// Where a drill takes place: a folder, and a region in it, both gone at its end, also when it is asked to
/// stop (Ctrl-C, SIGTERM). What a killed one left, folder and PostgreSQL, the next one clears away.
final class DrillPlace implements AutoCloseable {
    private static final String PREFIX = "mizuhiki-drill-";

    private final Path folder;
    private final Thread atExit = Thread.ofPlatform().unstarted(this::clear);
    private Optional<DrillRegion> region = Optional.empty();
    private boolean cleared;

    private DrillPlace(Path folder) {
        this.folder = folder;
    }

    static DrillPlace make() throws IOException {
        var folder = Files.createTempDirectory(PREFIX);
        // PostgreSQL runs as nobody when this runs as root, and has to get in
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var place = new DrillPlace(folder);
        Runtime.getRuntime().addShutdownHook(place.atExit);
        place.clearOthers();
        return place;
    }

    /// Whoever wants it cleared meanwhile waits.
    synchronized DrillRegion found(Clock clock, SecureRandom die, Runnable progress) {
        if (cleared) {
            throw new IllegalStateException("asked to stop");
        }
        var founded = DrillRegion.found(folder, clock, die, progress);
        region = Optional.of(founded);
        return founded;
    }

    private void clearOthers() throws IOException {
        try (var beside = Files.newDirectoryStream(folder.resolveSibling(""), PREFIX + "*")) {
            for (var other : beside) {
                if (!other.equals(folder) && isLeft(other)) {
                    Folders.clear(other);
                }
            }
        }
    }

    /// One that has no database yet may have begun just now; somebody else's is none of our business, and
    /// might lead anywhere.
    private boolean isLeft(Path other) throws IOException {
        if (!Files.exists(other.resolve(DrillRegion.ROWS), LinkOption.NOFOLLOW_LINKS)
                || !Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(folder))) {
            return false;
        }
        try {
            Databases.stopLeft(other.resolve(DrillRegion.ROWS));
            return true;
        } catch (Refusal e) {
            return false; // another drill, under way
        }
    }

    private synchronized void clear() {
        if (cleared) {
            return;
        }
        cleared = true;
        region.ifPresent(DrillRegion::close);
        try {
            Folders.clear(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the drill's folder stays: " + folder, e);
        }
    }

    @Override
    public void close() {
        clear();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // it is running, and waited for this or did it
        }
    }
}
