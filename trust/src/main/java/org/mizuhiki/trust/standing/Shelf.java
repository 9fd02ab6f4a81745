package org.mizuhiki.trust.standing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The last answers whose signature held, for terminals without a network and for restarts. On disk: one
/// file a source, named by the SHA-256 of where it came from, whole or not at all; its time is the one that
/// the signer gave. Nothing read here is believed: signatures are checked again, and an older answer never
/// replaces a newer one. A disk that fails costs the shelf, not the check.
public final class Shelf {
    private static final Logger LOG = LoggerFactory.getLogger(Shelf.class);
    private static final String KEPT = ".der";
    private static final String DRAFT = ".draft";

    private final Path folder;
    private final long mostBytes;
    private final int mostFiles;

    private record File(Path path, long size, Instant made) {}

    public Shelf(Path folder, long mostBytes, int mostFiles) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.mostBytes = mostBytes;
        this.mostFiles = mostFiles;
        try (var left = Files.newDirectoryStream(folder, "*" + DRAFT)) {
            for (var draft : left) {
                Files.deleteIfExists(draft); // a crash left it
            }
        }
    }

    synchronized Optional<Bytes> find(Digest source, int largest) {
        var file = file(source);
        try {
            return Files.size(file) > largest ? Optional.empty() : Optional.of(Bytes.of(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("a kept revocation answer cannot be read: {}", e.toString());
            return Optional.empty();
        }
    }

    synchronized void keep(Digest source, Bytes answer, Instant made) {
        var file = file(source);
        if (answer.size() > mostBytes) {
            return;
        }
        try {
            if (Files.exists(file)
                    && !Files.getLastModifiedTime(file).toInstant().isBefore(made)) {
                return;
            }
            write(file, answer, made);
            clear();
        } catch (IOException e) {
            LOG.warn("a revocation answer cannot be kept: {}", e.toString());
        }
    }

    private void write(Path file, Bytes answer, Instant made) throws IOException {
        var draft = file.resolveSibling(file.getFileName() + DRAFT);
        try (var out = FileChannel.open(
                draft,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))) {
            var bytes = ByteBuffer.wrap(answer.toArray());
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.setLastModifiedTime(draft, FileTime.from(made));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        try (var opened = FileChannel.open(folder)) {
            opened.force(true);
        }
    }

    /// The oldest go first.
    private void clear() throws IOException {
        var all = files();
        long bytes = all.stream().mapToLong(File::size).sum();
        int count = all.size();
        for (var oldest : all) {
            if (bytes <= mostBytes && count <= mostFiles) {
                return;
            }
            Files.deleteIfExists(oldest.path());
            bytes -= oldest.size();
            count--;
        }
    }

    private List<File> files() throws IOException {
        var all = new java.util.ArrayList<File>();
        try (var kept = Files.newDirectoryStream(folder, "*" + KEPT)) {
            for (var path : kept) {
                all.add(new File(
                        path, Files.size(path), Files.getLastModifiedTime(path).toInstant()));
            }
        }
        all.sort(Comparator.comparing(File::made));
        return all;
    }

    private Path file(Digest source) {
        return folder.resolve(source.hex() + KEPT);
    }
}
