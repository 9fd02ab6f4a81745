package org.mizuhiki.pocket.disk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A folder into which another program of the same house may write, read step by step and never through a
/// link: a link that was put there must not lead a reader to this process's own files.
///
/// @param root this process's own; only what lies below it may be written by others
public record Shared(Path root) {
    private static final Logger LOG = LoggerFactory.getLogger(Shared.class);

    /// Something in a folder.
    ///
    /// @param size in bytes, of a file
    public record Entry(String name, boolean folder, long size, Instant modified) {}

    /// A plain file's content.
    ///
    /// @param steps names below the root, the file's own last
    /// @return nothing where there is no plain file
    public Optional<InputStream> open(String... steps) {
        return Disk.attempt(() -> {
            try (var folder = folder(List.of(steps).subList(0, steps.length - 1))) {
                var name = Path.of(steps[steps.length - 1]);
                if (!attributes(folder, name).isRegularFile()) { // a pipe would block for ever
                    return Optional.empty();
                }
                var channel = folder.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                return Optional.of(Channels.newInputStream(channel));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        });
    }

    /// A small file whole; nothing where there is none, or a larger one.
    public Optional<byte[]> read(int most, String... steps) {
        return open(steps)
                .flatMap(in -> Disk.attempt(() -> {
                    try (in) {
                        var content = in.readNBytes(most + 1);
                        return content.length > most ? Optional.empty() : Optional.of(content);
                    }
                }));
    }

    /// What lies in a folder, by name, without hidden entries; nothing where there is no folder.
    public List<Entry> list(String... steps) {
        return Disk.attempt(() -> {
            var found = new ArrayList<Entry>();
            try (var folder = folder(List.of(steps))) {
                for (var path : folder) {
                    var name = String.valueOf(path.getFileName());
                    if (!name.startsWith(".")) {
                        entry(folder, name).ifPresent(found::add);
                    }
                }
            } catch (NoSuchFileException e) {
                return List.of();
            }
            found.sort(Comparator.comparing(Entry::name));
            return List.copyOf(found);
        });
    }

    private static Optional<Entry> entry(SecureDirectoryStream<Path> folder, String name) throws IOException {
        try {
            var found = attributes(folder, Path.of(name));
            return found.isRegularFile() || found.isDirectory()
                    ? Optional.of(new Entry(
                            name,
                            found.isDirectory(),
                            found.size(),
                            found.lastModifiedTime().toInstant()))
                    : Optional.empty();
        } catch (NoSuchFileException taken) {
            return Optional.empty();
        }
    }

    /// Removes an entry and all in it; nothing happens when it is not there.
    ///
    /// @param bin a folder of this process alone on the same disk, into which it goes first: what is half
    /// removed is seen by nobody, and what the disk does not let go stays there
    public void remove(Path bin, String... steps) {
        Disk.attempt(() -> {
            var path = root;
            for (var step : steps) {
                path = path.resolve(step);
            }
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                var gone = Files.createTempDirectory(bin, "gone");
                if (moved(path, gone.resolve("it"))) {
                    Disk.sync(path.resolveSibling("."));
                }
                new Shared(bin).discard(gone.getFileName().toString());
            }
            return path;
        });
    }

    /// False when somebody else was faster.
    private static boolean moved(Path path, Path target) throws IOException {
        try {
            Files.move(path, target);
            return true;
        } catch (NoSuchFileException e) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            return false;
        }
    }

    /// Removes an entry and all in it as far as the disk lets it: others may have put there what this process
    /// may not remove.
    void discard(String name) {
        try (var above = secure(root)) {
            clear(above, Path.of(name));
        } catch (IOException | DirectoryIteratorException e) {
            LOG.warn(
                    "what was removed stays in {} for now: {}",
                    root,
                    e.getClass().getSimpleName());
        }
    }

    private static void clear(SecureDirectoryStream<Path> above, Path name) throws IOException {
        if (!attributes(above, name).isDirectory()) {
            above.deleteFile(name);
            return;
        }
        try (var inside = above.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            for (var path : inside) {
                clear(inside, path.getFileName());
            }
        }
        above.deleteDirectory(name);
    }

    private SecureDirectoryStream<Path> folder(List<String> steps) throws IOException {
        var folder = secure(root);
        for (var step : steps) {
            try (var above = folder) {
                if (!attributes(above, Path.of(step)).isDirectory()) {
                    throw new NoSuchFileException("a folder of that name");
                }
                folder = above.newDirectoryStream(Path.of(step), LinkOption.NOFOLLOW_LINKS);
            }
        }
        return folder;
    }

    @SuppressWarnings("StreamResourceLeak") // the secure stream is the same one, and the caller closes it
    private static SecureDirectoryStream<Path> secure(Path folder) throws IOException {
        var stream = Files.newDirectoryStream(folder);
        if (stream instanceof SecureDirectoryStream<Path> s) {
            return s;
        }
        stream.close();
        throw new IOException("this file system cannot be read without following links");
    }

    private static BasicFileAttributes attributes(SecureDirectoryStream<Path> in, Path name) throws IOException {
        return in.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }
}
