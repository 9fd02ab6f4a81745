package org.mizuhiki.ledger.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.mizuhiki.house.Refusal;

/// Write-ahead files `journal/<index of the first entry, 20 digits>`: a sequence of [Frame]s each. What
/// [#append] returned for survives power loss; a torn last frame was never acknowledged and is cut when the
/// journal is opened.
public final class Journal implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[0-9]{20}");

    /// Takes what a journal holds, batch by batch, when it is opened.
    public interface Replay {
        /// Called first: the journal's first index; entries below it are in tiles only.
        void begin(long first) throws IOException;

        void accept(long first, List<byte[]> entries) throws IOException;
    }

    private final Path folder;
    private final long segmentBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final NavigableMap<Long, Path> segments;
    private FileChannel channel;
    private long end;
    private long next;
    private boolean broken;
    private int copying;

    private Journal(Path folder, long segmentBytes, NavigableMap<Long, Path> segments, Found last) throws IOException {
        this.folder = folder;
        this.segmentBytes = segmentBytes;
        this.segments = segments;
        this.channel = FileChannel.open(segments.lastEntry().getValue(), StandardOpenOption.WRITE);
        this.end = last.end();
        this.next = last.next();
    }

    /// @param segmentBytes a new file is begun when the last one has grown to this
    /// @throws Refusal `ledger-damaged` when frames are missing or broken before the end
    public static Journal open(Path folder, long segmentBytes, Replay replay) throws IOException {
        Files.createDirectories(folder);
        var segments = new TreeMap<Long, Path>();
        try (var files = Files.list(folder)) {
            files.filter(f -> NAME.matcher(name(f)).matches()).forEach(f -> segments.put(Long.parseLong(name(f)), f));
        }
        if (segments.isEmpty()) {
            segments.put(0L, create(folder, 0));
        }
        var found = new Found(0, segments.firstKey());
        replay.begin(found.next());
        for (var segment : segments.entrySet()) {
            if (segment.getKey() != found.next()) {
                throw damaged("entries from " + found.next() + " are missing");
            }
            boolean last = segment.equals(segments.lastEntry());
            found = read(segment.getValue(), found.next(), last, replay);
        }
        return new Journal(folder, segmentBytes, segments, found);
    }

    private record Found(long end, long next) {}

    private static Found read(Path file, long next, boolean last, Replay replay) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var content = ByteBuffer.wrap(Files.readAllBytes(file));
            int at = 0;
            for (var frame = Frame.at(content, at); frame.isPresent(); frame = Frame.at(content, at)) {
                if (frame.get().first() != next) {
                    throw damaged("a batch is out of order");
                }
                replay.accept(next, frame.get().entries());
                at += frame.get().size();
                next = frame.get().next();
            }
            if (at < content.limit()) {
                cut(channel, content, at, last);
            }
            return new Found(at, next);
        }
    }

    /// A torn tail has nothing whole behind it; anything else is damage to what was acknowledged.
    private static void cut(FileChannel channel, ByteBuffer content, int at, boolean last) throws IOException {
        for (int i = at + 1; i < content.limit(); i++) {
            if (Frame.at(content, i).isPresent()) {
                throw damaged("a batch in the middle is broken");
            }
        }
        if (!last) {
            throw damaged("the end of a full file is broken");
        }
        channel.truncate(at);
        channel.force(true);
    }

    /// The index the next entry will have.
    public long next() {
        return next;
    }

    /// Writes one batch and returns once it is on the disk.
    ///
    /// @throws Refusal `ledger-full`, `ledger-unavailable`; then nothing of the batch is in the journal
    public void append(List<byte[]> entries) {
        lock.lock();
        try {
            if (broken) {
                throw unavailable("the disk failed earlier; restart after looking at it", null);
            }
            long before = end;
            var frame = Frame.encode(next, entries);
            try {
                roll();
                before = end;
                write(frame.duplicate());
                channel.force(false);
            } catch (IOException e) {
                takeBack(before);
                throw refused(e, frame.limit());
            }
            end = before + frame.limit();
            next += entries.size();
        } finally {
            lock.unlock();
        }
    }

    private void write(ByteBuffer frame) throws IOException {
        long at = end;
        while (frame.hasRemaining()) {
            at += channel.write(frame, at);
        }
    }

    private void roll() throws IOException {
        if (end < segmentBytes) {
            return;
        }
        var file = folder.resolve("%020d".formatted(next));
        try {
            create(folder, next);
            var fresh = FileChannel.open(file, StandardOpenOption.WRITE);
            channel.close();
            channel = fresh;
        } catch (IOException e) {
            // an empty file left behind would look like lost entries once the old file grew on
            broken = !removed(file);
            throw e;
        }
        segments.put(next, file);
        end = 0;
    }

    private static boolean removed(Path file) {
        try {
            Files.deleteIfExists(file);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// After a failed write or fsync the file must end where it ended before, and durably so: otherwise a
    /// batch that was refused could come back, or stand before one that was acknowledged.
    private void takeBack(long before) {
        try {
            channel.truncate(before);
            channel.force(true);
        } catch (IOException e) {
            broken = true;
        }
    }

    private Refusal refused(IOException e, int needed) {
        if (broken || !full(e, needed)) {
            return unavailable("the disk does not take the entry", e);
        }
        return Refusal.of(
                "ledger-full", "台帳のディスクに空きがありません。記録は受け付けられていません", "The ledger's disk is full; nothing was recorded", e);
    }

    private boolean full(IOException e, int needed) {
        try {
            var message = String.valueOf(e.getMessage());
            return message.contains("No space left")
                    || message.contains("quota")
                    || Files.getFileStore(folder).getUsableSpace() < needed + (64L << 10);
        } catch (IOException unknown) {
            return false;
        }
    }

    /// Removes files all of whose entries stand before `index`: the caller has them durably elsewhere.
    public void dropBelow(long index) throws IOException {
        lock.lock();
        try {
            // a copy under way still reads them; the next drop takes these along
            while (copying == 0 && segments.size() > 1 && segments.higherKey(segments.firstKey()) <= index) {
                Files.deleteIfExists(segments.pollFirstEntry().getValue());
            }
            Folders.sync(folder);
        } finally {
            lock.unlock();
        }
    }

    /// Entries that stand in a copy of the journal.
    ///
    /// @param first those before it are in tiles only
    /// @param next how many entries the log has with them
    public record Copied(long first, long next) {}

    /// Copies the files as they stand at one moment: every batch that was acknowledged before the call,
    /// none torn. Appends go on meanwhile and are not copied, [#dropBelow] drops nothing.
    ///
    /// @param target a folder without files of these names; not synced
    public Copied copyTo(Path target) throws IOException {
        NavigableMap<Long, Path> files;
        Copied copied;
        long length;
        lock.lock();
        try {
            if (!channel.isOpen()) {
                throw unavailable("it is closed", null);
            }
            files = new TreeMap<>(segments);
            copied = new Copied(files.firstKey(), next);
            length = end;
            copying++;
        } finally {
            lock.unlock();
        }
        try {
            Files.createDirectories(target);
            var growing = files.pollLastEntry().getValue();
            for (var full : files.values()) {
                Files.copy(full, target.resolve(name(full)));
            }
            // what stands behind is not acknowledged yet and may be taken back
            copyStart(growing, target.resolve(name(growing)), length);
            return copied;
        } finally {
            copyEnds();
        }
    }

    private void copyEnds() {
        lock.lock();
        try {
            copying--;
        } finally {
            lock.unlock();
        }
    }

    private static void copyStart(Path file, Path target, long length) throws IOException {
        try (var from = FileChannel.open(file, StandardOpenOption.READ);
                var to = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < length; ) {
                long more = from.transferTo(at, length - at, to);
                if (more <= 0) {
                    throw new IOException("a journal file ends before its acknowledged end");
                }
                at += more;
            }
        }
    }

    /// First indices of the files there are.
    public Map<Long, Path> segments() {
        lock.lock();
        try {
            return Map.copyOf(segments);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static Path create(Path folder, long first) throws IOException {
        var file = folder.resolve("%020d".formatted(first));
        Files.write(file, new byte[0], StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        Folders.sync(folder);
        return file;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static Refusal damaged(String why) {
        return Refusal.of(
                "ledger-damaged",
                "台帳のファイルが破損しています。バックアップと立会人の記録を確認してください",
                "The ledger's journal is damaged: " + why + "; restore it from a copy");
    }

    private static Refusal unavailable(String why, @org.jspecify.annotations.Nullable Exception cause) {
        var japanese = "台帳に書き込めません";
        return cause == null
                ? Refusal.of("ledger-unavailable", japanese, "The ledger cannot write: " + why)
                : Refusal.of("ledger-unavailable", japanese, "The ledger cannot write: " + why, cause);
    }
}
